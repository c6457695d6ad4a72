"""``with mg.record() as tape``: a training step watched, number by number.

The recorder looks on while your lines run and changes nothing. The tape that it fills knows no
engine and no picture; ``drawing/player.py`` makes a player of it.

Read in this order:

* ``tape``     the tape and its steps: what there is to read afterwards
* ``snapshot`` a tensor's numbers at one moment
* ``updates``  how a weight got its new numbers
* ``recorder`` who looks on, and writes the tape
"""
