"""Pictures of modules in a real JupyterLab: frames open and close by click and by keyboard.

With MINIGRAD_SCREENSHOTS=<directory> it also leaves pictures of five networks in light and dark.
"""

import os
import textwrap

import pytest

SETUP = """
import minigrad as torch
nn, F = torch.nn, torch.nn.functional
torch.manual_seed(0)
"""

MLP = """
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 3))
x, y = torch.randn(4, 8), torch.tensor([0, 1, 2, 0])
loss = F.cross_entropy(model(x), y)
"""

CNN = """
class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 4, 3), nn.Conv2d(4, 8, 3)
        self.pool, self.fc = nn.MaxPool2d(2), nn.Linear(8 * 5 * 5, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        return self.fc(torch.flatten(x, 1))


model = CNN()
x, y = torch.randn(2, 1, 28, 28), torch.tensor([3, 1])
loss = F.cross_entropy(model(x), y)
"""

LSTM = """
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.lstm, self.out = nn.Embedding(20, 8), nn.LSTM(8, 16), nn.Linear(16, 5)

    def forward(self, words):
        hidden, _ = self.lstm(self.embed(words))
        return self.out(hidden)


model = Tagger()
words, tags = torch.randint(0, 20, (7, 3)), torch.randint(0, 5, (21,))
loss = F.cross_entropy(model(words).view(21, 5), tags)
"""

BLOCK = """
block = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True)
x = torch.randn(2, 6, 16)
loss = block(x).pow(2).mean()
"""

GPT = """
class Attention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads, self.qkv, self.proj = heads, nn.Linear(d, 3 * d), nn.Linear(d, d)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(x).split(C, dim=2)
        q, k, v = [t.view(B, T, self.heads, C // self.heads).transpose(1, 2) for t in (q, k, v)]
        weights = (q @ k.transpose(-2, -1)) * (C // self.heads) ** -0.5
        mask = torch.tril(torch.ones(T, T))
        weights = F.softmax(weights.masked_fill(mask == 0, float("-inf")), dim=-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(B, T, C))


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.ln1, self.attn, self.ln2 = nn.LayerNorm(d), Attention(d, heads), nn.LayerNorm(d)
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))

    def forward(self, x):
        x = x + self.attn(self.ln1(x))
        return x + self.mlp(self.ln2(x))


class GPT(nn.Module):
    def __init__(self, vocabulary=20, length=8, d=16, heads=4, layers=4):
        super().__init__()
        self.tok, self.pos = nn.Embedding(vocabulary, d), nn.Embedding(length, d)
        self.blocks = nn.ModuleList([Block(d, heads) for _ in range(layers)])
        self.ln, self.head = nn.LayerNorm(d), nn.Linear(d, vocabulary)

    def forward(self, idx):
        x = self.tok(idx) + self.pos(torch.arange(idx.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.head(self.ln(x))


model = GPT()
idx, targets = torch.randint(0, 20, (2, 8)), torch.randint(0, 20, (16,))
loss = F.cross_entropy(model(idx).view(16, 20), targets)
"""

NETWORKS = {"mlp": MLP, "cnn": CNN, "lstm": LSTM, "block": BLOCK, "gpt": GPT}


def closed(page):
    """The names of the closed frames in the picture."""
    toggles = page.find_all(".minigrad-frames .mg-toggle[aria-expanded=false]")
    return [t.get_attribute("aria-label").split(",")[0] for t in toggles]


def test_frames_open_and_close_by_click_and_by_keyboard(lab):
    from selenium.webdriver.common.keys import Keys

    page = lab.run("frames.ipynb", [SETUP + GPT, "torch.graph(loss, depth=2)"])
    page.find(".minigrad-frames .mg-toggle")
    assert closed(page) == ["attn: Attention", "mlp: Sequential"]
    toggles = page.find_all(".mg-toggle[aria-expanded=false]")
    toggles[0].click()
    page.wait(lambda: closed(page) == ["mlp: Sequential"], "attn to open")
    page.screenshot("frames-opened.png")
    # The focus stays at the frame, which the keyboard closes again.
    page.wait(lambda: page.browser.switch_to.active_element.get_attribute("aria-label"), "focus")
    active = page.browser.switch_to.active_element
    assert active.get_attribute("aria-label") == "attn: Attention, open"
    active.send_keys(Keys.ENTER)
    page.wait(lambda: len(closed(page)) == 2, "attn to close")
    page.browser.switch_to.active_element.send_keys(Keys.SPACE)
    page.wait(lambda: closed(page) == ["mlp: Sequential"], "attn to open")
    opened = page.find_all(".mg-toggle[aria-expanded=true]")
    whole = next(t for t in opened if "GPT" in t.get_attribute("aria-label"))
    whole.click()
    page.wait(lambda: len(page.find_all(".minigrad-frames .mg-toggle")) == 1, "all to close")


@pytest.mark.skipif("MINIGRAD_SCREENSHOTS" not in os.environ, reason="leaves pictures to look at")
@pytest.mark.parametrize("name", NETWORKS)
def test_pictures_to_look_at(lab, name):
    step = NETWORKS[name].strip().splitlines()
    training = "with torch.record() as tape:\n" + textwrap.indent("\n".join(
        [step[-1], "loss.backward()"]), "    ")  # fmt: skip
    page = lab.run(f"{name}.ipynb", [SETUP + NETWORKS[name], "torch.graph(loss)",
                                     training + "\ntape"])  # fmt: skip
    page.browser.set_window_size(1366, 768)
    for theme in ("Light", "Dark"):
        page.theme(f"JupyterLab {theme}")
        for what in ("frames", "player"):
            found = page.find_all(f".minigrad-{what}") or page.find_all("img[class^=mg-]")
            page.browser.execute_script("arguments[0].scrollIntoView({block: 'start'})", found[-1])
            page.screenshot(f"{name}-{what}-{theme.lower()}.png")
