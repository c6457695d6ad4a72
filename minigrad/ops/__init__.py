"""The operations. One operation, one visible place: forward, vjp, formula (see ``base.py``)."""
