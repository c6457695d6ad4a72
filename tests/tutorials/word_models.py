"""Words as vectors: an N-gram model, a bag of words, and an LSTM that tags parts of speech."""

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

torch.manual_seed(1)

CONTEXT_SIZE = 2
EMBEDDING_DIM = 10
text = """the wind came over the hill at night and the old mill turned its four long arms once
and the miller woke and went out with a lamp to see who had come over the hill at night""".split()
ngrams = [
    ([text[i - j - 1] for j in range(CONTEXT_SIZE)], text[i])
    for i in range(CONTEXT_SIZE, len(text))
]
print(ngrams[:2])
vocab = sorted(set(text))
word_to_ix = {word: i for i, word in enumerate(vocab)}


class NGramLanguageModeler(nn.Module):
    def __init__(self, vocab_size, embedding_dim, context_size):
        super().__init__()
        self.embeddings = nn.Embedding(vocab_size, embedding_dim)
        self.linear1 = nn.Linear(context_size * embedding_dim, 32)
        self.linear2 = nn.Linear(32, vocab_size)

    def forward(self, inputs):
        embeds = self.embeddings(inputs).view((1, -1))
        out = F.relu(self.linear1(embeds))
        return F.log_softmax(self.linear2(out), dim=1)


losses = []
loss_function = nn.NLLLoss()
model = NGramLanguageModeler(len(vocab), EMBEDDING_DIM, CONTEXT_SIZE)
optimizer = optim.SGD(model.parameters(), lr=0.01)
for _ in range(6):
    total_loss = 0
    for context, target in ngrams:
        context_idxs = torch.tensor([word_to_ix[w] for w in context], dtype=torch.long)
        model.zero_grad()
        log_probs = model(context_idxs)
        loss = loss_function(log_probs, torch.tensor([word_to_ix[target]], dtype=torch.long))
        loss.backward()
        optimizer.step()
        total_loss += loss.item()
    losses.append(round(total_loss, 2))
print(losses)
print(model.embeddings.weight[word_to_ix["mill"]])

# Bag of words, two languages.
data = [
    ("me gusta comer en la cafeteria".split(), "SPANISH"),
    ("give it to me".split(), "ENGLISH"),
    ("no creo que sea una buena idea".split(), "SPANISH"),
    ("no it is not a good idea to get lost at sea".split(), "ENGLISH"),
]
test_data = [("yo creo que si".split(), "SPANISH"), ("it is lost on me".split(), "ENGLISH")]
word_ix = {}
for sent, _ in data + test_data:
    for word in sent:
        word_ix.setdefault(word, len(word_ix))
label_to_ix = {"SPANISH": 0, "ENGLISH": 1}


def make_bow_vector(sentence):
    vec = torch.zeros(len(word_ix))
    for word in sentence:
        vec[word_ix[word]] += 1
    return vec.view(1, -1)


bow = nn.Linear(len(word_ix), 2)
optimizer = optim.SGD(bow.parameters(), lr=0.1)
for _ in range(20):
    for instance, label in data:
        bow.zero_grad()
        log_probs = F.log_softmax(bow(make_bow_vector(instance)), dim=1)
        loss = loss_function(log_probs, torch.LongTensor([label_to_ix[label]]))
        loss.backward()
        optimizer.step()
with torch.no_grad():
    for instance, label in test_data:
        print(label, F.log_softmax(bow(make_bow_vector(instance)), dim=1))

# An LSTM, step by step and all at once.
lstm = nn.LSTM(3, 3)
inputs = [torch.randn(1, 3) for _ in range(5)]
hidden = (torch.randn(1, 1, 3), torch.randn(1, 1, 3))
for i in inputs:
    out, hidden = lstm(i.view(1, 1, -1), hidden)
inputs = torch.cat(inputs).view(len(inputs), 1, -1)
hidden = (torch.randn(1, 1, 3), torch.randn(1, 1, 3))
out, hidden = lstm(inputs, hidden)
print(out.detach())
print([h.detach() for h in hidden])

training_data = [
    ("The dog ate the apple".split(), ["DET", "NN", "V", "DET", "NN"]),
    ("Everybody read that book".split(), ["NN", "V", "DET", "NN"]),
]
word_to_ix = {}
for sent, _tags in training_data:
    for word in sent:
        word_to_ix.setdefault(word, len(word_to_ix))
tag_to_ix = {"DET": 0, "NN": 1, "V": 2}


class LSTMTagger(nn.Module):
    def __init__(self, embedding_dim, hidden_dim, vocab_size, tagset_size):
        super().__init__()
        self.word_embeddings = nn.Embedding(vocab_size, embedding_dim)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim)
        self.hidden2tag = nn.Linear(hidden_dim, tagset_size)

    def forward(self, sentence):
        embeds = self.word_embeddings(sentence)
        lstm_out, _ = self.lstm(embeds.view(len(sentence), 1, -1))
        return F.log_softmax(self.hidden2tag(lstm_out.view(len(sentence), -1)), dim=1)


model = LSTMTagger(6, 6, len(word_to_ix), len(tag_to_ix))
optimizer = optim.SGD(model.parameters(), lr=0.1)
for _ in range(60):
    for sentence, tags in training_data:
        model.zero_grad()
        sentence_in = torch.tensor([word_to_ix[w] for w in sentence], dtype=torch.long)
        targets = torch.tensor([tag_to_ix[t] for t in tags], dtype=torch.long)
        loss = loss_function(model(sentence_in), targets)
        loss.backward()
        optimizer.step()
with torch.no_grad():
    inputs = torch.tensor([word_to_ix[w] for w in training_data[0][0]])
    print(model(inputs))
