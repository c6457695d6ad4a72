"""What tutorials import is there; what cannot be had says so when it is used."""

import subprocess
import sys
import warnings

import pytest

import minigrad as mg

# Programs for PyTorch that minigrad runs under the name torch.
ALIAS = "import sys, minigrad; sys.modules['torch'] = minigrad\n"
PROGRAMS = {
    "one module for both names": """
import torch, torch.nn as nn, torch.nn.functional as F, torch.optim.lr_scheduler
from torch.utils.data import DataLoader
from torch.utils.data.sampler import Sampler
import minigrad.nn.functional, minigrad.utils.data
assert torch is minigrad and nn is minigrad.nn and F is minigrad.nn.functional
assert DataLoader is minigrad.utils.data.DataLoader
assert sys.modules["torch.nn"] is sys.modules["minigrad.nn"]
""",
    "PyTorch's addresses": """
import torch.functional, torch.profiler, torch.autograd.profiler, torch.jit, torch.version
import torch.backends.cudnn as cudnn, torch.backends.mps, torch.backends.mkldnn
import torch.cuda.amp, torch.amp.autocast_mode, torch.cpu.amp, torch.multiprocessing as mp
from torch.cuda.amp import autocast, GradScaler
import minigrad
assert cudnn is minigrad.backends.cudnn and torch.functional.einsum is minigrad.einsum
assert torch.profiler is minigrad.autograd.profiler and mp.cpu_count() > 0
""",
    "what is not there": """
import torch.onnx, torch.hub, torch.fx, torch.distributed as dist, torch.utils.tensorboard as tb
from torch.utils.tensorboard import SummaryWriter
from torch.distributed.fsdp.wrap import size_based_auto_wrap_policy
import torch.utils.model_zoo as zoo
assert not dist.is_available() and not dist.is_initialized() and zoo
""",
    "a wrong name": """
import importlib
for name in ("torch.nn.nonsense", "torch.nonsense", "torch.cuda.nonsense", "minigrad.nonsense"):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        assert "nonsense" in str(error)
    else:
        raise AssertionError(name)
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_imports(name):
    command = [sys.executable, "-W", "error", "-c", ALIAS + PROGRAMS[name]]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


USES = [
    lambda: mg.onnx.export(mg.nn.Linear(1, 1), (), "f"),
    lambda: mg.hub.load("pytorch/vision", "resnet18"),
    lambda: mg.distributed.init_process_group("gloo"), lambda: mg.fx.symbolic_trace(abs),
    lambda: mg.jit.load("f"), lambda: mg.jit.save(abs, "f"), lambda: mg.jit.ScriptModule(),
    lambda: mg.multiprocessing.Process(target=abs), lambda: mg.multiprocessing.spawn(abs),
    lambda: mg.profiler.profile().export_chrome_trace("f"),
    lambda: mg.autocast("cpu"), lambda: mg.autocast("cpu", dtype=mg.float16),
    lambda: mg.ao.quantization.quantize_dynamic(abs), lambda: mg.sparse.mm(1, 2),
    lambda: type("Mine", (), {}) and mg.fx.Tracer(), lambda: mg.export.export(abs, ()),
]  # fmt: skip


@pytest.mark.parametrize("use", USES)
def test_what_cannot_be_had_says_so_in_one_sentence(use):
    with pytest.raises(NotImplementedError) as refused:
        use()
    text = str(refused.value)
    assert ": " in text and "\n" not in text and not text.endswith(".") and len(text) < 200


def test_names_that_are_not_there_can_stand_in_annotations():
    node = mg.fx.Node

    def f(x: node | None, y: "mg.futures.Future[int]") -> None | node: ...

    assert not isinstance(f, node) and node.name is not node and "not in minigrad" in repr(node)
    with pytest.raises(NotImplementedError, match="^torch.fx.Tracer is not in minigrad: "):

        class Mine(mg.fx.Tracer): ...


def test_names_without_a_module_are_still_an_error():
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        mg.nonsense  # noqa: B018
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        mg.functional.nonsense  # noqa: B018
    assert not hasattr(mg.onnx, "__wrapped__") and "onnx" not in dir(mg)


def test_compile_gives_the_function_and_says_what_there_is():
    model = mg.nn.Linear(2, 1)
    with pytest.warns(UserWarning, match=r"as it is; capture\(step\)"):
        assert mg.compile(model, mode="reduce-overhead") is model
    with pytest.warns(UserWarning, match="capture"):

        @mg.compile(fullgraph=True)
        def twice(x):
            return x * 2

    assert twice(mg.ones(1)).item() == 2 and mg.compile(twice, disable=True) is twice
    assert mg.compiler.disable(twice) is twice and mg.compiler.disable()(twice) is twice
    assert not mg.compiler.is_compiling()


def test_jit_gives_the_function():
    layer = mg.nn.Linear(2, 1)
    assert mg.jit.script(layer) is layer and mg.jit.trace(layer, mg.ones(1, 2)) is layer
    assert mg.jit.ignore(abs) is abs and mg.jit.ignore(drop=True)(abs) is abs
    assert mg.jit.annotate(int, 1) == 1 and not mg.jit.is_scripting()


def test_settings_of_backends_are_accepted():
    with mg.backends.cudnn.flags(enabled=False, benchmark=True):
        mg.backends.cudnn.deterministic = True
    mg.backends.cuda.matmul.allow_tf32 = True
    assert not mg.backends.mps.is_built() and mg.backends.cudnn.version() is None
    mg.backends.cudnn.deterministic = mg.backends.cuda.matmul.allow_tf32 = False


QUESTIONS = """
m.cuda.device_count() | m.cuda.is_initialized() | m.cuda.get_arch_list() | m.cuda.empty_cache()
m.cuda.manual_seed(1) | m.cuda.memory_allocated() | m.cuda.max_memory_allocated()
m.cuda.memory_reserved(0) | m.cuda.synchronize() | m.cuda.current_device() | m.cuda.Event()
m.cuda.get_device_name(0) | m.cuda.get_device_properties(0) | m.cuda.Stream() | m.cuda.init()
m.cuda.FloatTensor(1) | m.cuda.LongTensor([1]) | m.cuda.get_rng_state() | m.cuda.mem_get_info()
m.cuda.is_bf16_supported() | m.cuda.get_rng_state_all() | m.cuda.current_stream()
m.mps.is_available() | m.cpu.device_count() | m.cpu.is_available() | m.cpu.synchronize()
m.version.cuda | m.is_autocast_enabled() | m.autocast(m.device("cpu")) | m.autocast("nothing")
m.amp.GradScaler("cpu").scale(m.tensor(2.0)).item() | m.amp.GradScaler("cpu").update()
m.jit.is_tracing() | m.distributed.is_initialized() | m.backends.cudnn.is_available()
m.backends.mps.is_available() | m.xpu.is_available() | m.amp.GradScaler("cuda").get_scale()
m.cuda.amp.GradScaler().is_enabled() | m.amp.GradScaler("cpu", growth_factor=1.0)
""".replace("\n", " | ").strip(" |").split(" | ")


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_pytorch_without_gpu_answers_the_same(torch, question):
    answers = []
    for library in (mg, torch):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                answers.append(eval(question, {"m": library}))
            except Exception as error:
                answers.append((type(error).__name__, str(error)[:16]))
    if not torch.cuda.is_available():
        assert answers[0] == answers[1]
