"""Calls of nn, nn.functional, linalg, special, optim and utils.data in which every argument goes
wrong in turn.

Each line is a call that works. Every argument of it (of a module: of its making and of its call) is
replaced by each of ``KINDS``, and what then happens is compared with PyTorch: accepted, or refused
with its type of exception and its opening words.

``y(2, 3)`` is a tensor of different numbers, ``k(4, 2, 3)`` one of whole numbers below 4, ``w`` a
parameter, ``sgd()`` an optimizer of one, ``s`` is lr_scheduler, ``d`` utils.data, ``ds`` a dataset
of five numbers. ``alone:`` before a line: the tensors in it are not replaced.
"""

from __future__ import annotations

import ast
import math
import re
import warnings
from typing import Any

from calls import functional

FUNCTIONAL = """
F.relu(y(2, 3), False)
F.relu6(y(2, 3), False)
F.leaky_relu(y(2, 3), 0.1, False)
F.elu(y(2, 3), 1.0, False)
F.selu(y(2, 3), False)
F.celu(y(2, 3), 1.0, False)
F.gelu(y(2, 3), approximate='none')
F.silu(y(2, 3), False)
F.mish(y(2, 3), False)
F.softplus(y(2, 3), 1, 20)
F.softsign(y(2, 3))
F.tanhshrink(y(2, 3))
F.hardtanh(y(2, 3), -1.0, 1.0, False)
F.hardsigmoid(y(2, 3), False)
F.hardswish(y(2, 3), False)
F.logsigmoid(y(2, 3))
F.sigmoid(y(2, 3))
F.tanh(y(2, 3))
F.threshold(y(2, 3), 0.1, 20.0, False)
F.softshrink(y(2, 3), 0.5)
F.hardshrink(y(2, 3), 0.5)
F.prelu(y(2, 3), y(1))
F.glu(y(2, 4), -1)
F.rrelu(y(2, 3), 0.1, 0.3, False, False)
F.softmax(y(2, 3), 1, 3, None)
F.softmin(y(2, 3), 1, 3, None)
F.log_softmax(y(2, 3), 1, 3, None)
F.gumbel_softmax(y(2, 3), 1.0, False, 1e-10, -1)
F.dropout(y(2, 3), 0.5, True, False)
F.dropout1d(y(2, 3), 0.5, True, False)
F.dropout2d(y(2, 3, 2, 2), 0.5, True, False)
F.dropout3d(y(2, 3, 2, 2, 2), 0.5, True, False)
F.alpha_dropout(y(2, 3), 0.5, True, False)
F.feature_alpha_dropout(y(2, 3), 0.5, True, False)
F.linear(y(2, 3), y(4, 3), y(4))
F.bilinear(y(2, 3), y(2, 4), y(5, 3, 4), y(5))
F.embedding(k(4, 2, 3), y(4, 2), 1, None, 2.0, False, False)
F.embedding_bag(k(4, 6), y(4, 2), k(3, 2), None, 2.0, False, 'sum', False, y(6), False, 1)
F.one_hot(k(4, 5), 4)
F.conv1d(y(2, 4, 6), y(2, 2, 3), y(2), 1, 0, 1, 2)
F.conv2d(y(2, 4, 6, 6), y(2, 2, 3, 3), y(2), 1, 0, 1, 2)
F.conv3d(y(2, 4, 4, 4, 4), y(2, 2, 3, 3, 3), y(2), 1, 0, 1, 2)
F.conv2d(y(2, 4, 6, 6), y(2, 4, 3, 3), bias=y(2), stride=(1, 1), padding=(0, 0), dilation=(1, \
1), groups=1)
F.conv_transpose1d(y(2, 4, 6), y(4, 2, 3), y(4), 1, 0, 0, 2, 1)
F.conv_transpose2d(y(2, 4, 3, 3), y(4, 2, 3, 3), y(4), 1, 0, 0, 2, 1)
F.conv_transpose3d(y(2, 4, 3, 3, 3), y(4, 2, 3, 3, 3), y(4), 1, 0, 0, 2, 1)
F.max_pool1d(y(2, 3, 8), 2, 2, 0, 1, False, False)
F.max_pool2d(y(2, 3, 8, 8), 2, 2, 0, 1, False, False)
F.max_pool2d(y(2, 3, 8, 8), (2, 2), stride=(2, 2), padding=(0, 0), dilation=(1, 1), \
ceil_mode=False, return_indices=False)
F.max_pool2d(y(2, 3, 8, 8), 2, 2, 0, 1, False, True)
F.max_pool3d(y(2, 3, 4, 4, 4), 2, 2, 0, 1, False, False)
F.max_pool2d_with_indices(y(2, 3, 8, 8), 2, 2, 0, 1, False)
F.avg_pool1d(y(2, 3, 8), 2, 2, 0, False, True)
F.avg_pool2d(y(2, 3, 8, 8), 2, 2, 0, False, True, None)
F.avg_pool2d(y(2, 3, 8, 8), (2, 2), stride=(2, 2), padding=(0, 0), ceil_mode=False, \
count_include_pad=True, divisor_override=2)
F.avg_pool3d(y(2, 3, 4, 4, 4), 2, 2, 0, False, True, None)
F.adaptive_avg_pool1d(y(2, 3, 8), 2)
F.adaptive_avg_pool2d(y(2, 3, 8, 8), 2)
F.adaptive_avg_pool2d(y(2, 3, 8, 8), output_size=(2, 3))
F.adaptive_avg_pool3d(y(2, 3, 4, 4, 4), 2)
F.adaptive_max_pool1d(y(2, 3, 8), 2, False)
F.adaptive_max_pool2d(y(2, 3, 8, 8), 2, False)
F.adaptive_max_pool3d(y(2, 3, 4, 4, 4), 2, False)
F.max_unpool1d(y(1, 2, 2), k(4, 1, 2, 2), 2, 2, 0, None)
F.max_unpool2d(y(1, 1, 1, 2), k(4, 1, 1, 1, 2), 2, 2, 0, None)
F.max_unpool3d(y(1, 1, 1, 1, 2), k(4, 1, 1, 1, 1, 2), 2, 2, 0, None)
F.lp_pool1d(y(2, 3, 8), 2, 3, 2, False)
F.lp_pool2d(y(2, 3, 8, 8), 2, 3, 2, False)
F.lp_pool3d(y(2, 3, 4, 4, 4), 2, 3, 2, False)
F.fold(y(2, 12, 6), (4, 3), 2, 1, 0, 1)
F.unfold(y(2, 3, 5, 4), 2, 1, 0, 1)
F.pad(y(2, 3), (1, 1), 'constant', 0.0)
F.pad(y(2, 3, 4), (1, 1), 'reflect')
F.pad(y(2, 3, 4), (1, 1), mode='circular')
F.pixel_shuffle(y(1, 4, 2, 3), 2)
F.pixel_unshuffle(y(1, 1, 4, 6), 2)
F.channel_shuffle(y(1, 4, 2, 2), 2)
F.interpolate(y(1, 2, 4, 4), 8, None, 'nearest', None, None, False)
F.interpolate(y(1, 2, 4, 4), None, 2, 'bilinear', True, None, False)
F.interpolate(y(1, 2, 4, 4), size=(3, 5), mode='bicubic', align_corners=False)
F.upsample(y(1, 2, 4), 8, None, 'linear', None)
F.affine_grid(y(1, 2, 3), (1, 1, 2, 2), False)
F.grid_sample(y(1, 1, 3, 3), y(1, 2, 2, 2), 'bilinear', 'zeros', False)
F.batch_norm(y(4, 3), y(3), y(3), y(3), y(3), True, 0.1, 1e-5)
F.batch_norm(y(4, 3), y(3), y(3), weight=y(3), bias=y(3), training=False, momentum=0.1, eps=1e-5)
F.layer_norm(y(4, 3), (3,), y(3), y(3), 1e-5)
F.group_norm(y(2, 4, 3), 2, y(4), y(4), 1e-5)
F.instance_norm(y(2, 3, 4), y(3), y(3), y(3), y(3), True, 0.1, 1e-5)
F.rms_norm(y(4, 3), (3,), y(3), 1e-5)
F.local_response_norm(y(2, 4, 3), 2, 1e-4, 0.75, 1.0)
F.normalize(y(2, 3), 2.0, 1, 1e-12)
F.cosine_similarity(y(2, 3), y(2, 3), 1, 1e-8)
F.pairwise_distance(y(2, 3), y(2, 3), 2.0, 1e-6, False)
F.pdist(y(4, 3), 2.0)
F.scaled_dot_product_attention(y(1, 2, 3), y(1, 2, 3), y(1, 2, 3), None, 0.0, False)
"""

LOSSES = """
F.mse_loss(y(2, 3), y(2, 3), None, None, 'mean')
F.l1_loss(y(2, 3), y(2, 3), None, None, 'mean')
F.smooth_l1_loss(y(2, 3), y(2, 3), None, None, 'mean', 1.0)
F.huber_loss(y(2, 3), y(2, 3), 'mean', 1.0)
F.soft_margin_loss(y(2, 3), y(2, 3), None, None, 'mean')
F.binary_cross_entropy(y(2, 3), y(2, 3), y(2, 3), None, None, 'mean')
F.binary_cross_entropy_with_logits(y(2, 3), y(2, 3), y(2, 3), None, None, 'mean', y(3))
F.cross_entropy(y(5, 3), k(3, 5), y(3), None, -100, None, 'mean', 0.0)
F.nll_loss(y(5, 3), k(3, 5), y(3), None, -100, None, 'mean')
F.kl_div(y(2, 3), y(2, 3), None, None, 'mean', False)
F.poisson_nll_loss(y(2, 3), y(2, 3), True, False, None, 1e-8, None, 'mean')
F.gaussian_nll_loss(y(2, 3), y(2, 3), y(2, 3), False, 1e-6, 'mean')
F.cosine_embedding_loss(y(2, 3), y(2, 3), y(2), 0.0, None, None, 'mean')
F.margin_ranking_loss(y(3), y(3), y(3), 0.0, None, None, 'mean')
F.hinge_embedding_loss(y(3), y(3), 1.0, None, None, 'mean')
F.triplet_margin_loss(y(2, 3), y(2, 3), y(2, 3), 1.0, 2.0, 1e-6, False, None, None, 'mean')
F.triplet_margin_with_distance_loss(y(2, 3), y(2, 3), y(2, 3), distance_function=None, \
margin=1.0, swap=False, reduction='mean')
F.multi_margin_loss(y(5, 3), k(3, 5), 1, 1.0, y(3), None, None, 'mean')
F.multilabel_margin_loss(y(2, 3), k(3, 2, 3), None, None, 'mean')
F.multilabel_soft_margin_loss(y(2, 3), y(2, 3), y(3), None, None, 'mean')
F.ctc_loss(y(6, 2, 4).log_softmax(2), k(3, 2, 3) + 1, (6, 5), (3, 2), 0, 'mean', False)
"""

MODULES = """
nn.Linear(3, 2, True, None, None)(y(4, 3))
nn.Bilinear(2, 3, 4, True)(y(5, 2), y(5, 3))
nn.Flatten(1, -1)(y(2, 3, 4))
nn.Unflatten(1, (2, 3))(y(2, 6))
nn.ReLU(False)(y(2, 3))
nn.ReLU6(False)(y(2, 3))
nn.LeakyReLU(0.01, False)(y(2, 3))
nn.GELU('none')(y(2, 3))
nn.SiLU(False)(y(2, 3))
nn.Mish(False)(y(2, 3))
nn.ELU(1.0, False)(y(2, 3))
nn.SELU(False)(y(2, 3))
nn.CELU(1.0, False)(y(2, 3))
nn.Softplus(1.0, 20.0)(y(2, 3))
nn.Softsign()(y(2, 3))
nn.Softshrink(0.5)(y(2, 3))
nn.Hardshrink(0.5)(y(2, 3))
nn.Hardtanh(-1.0, 1.0, False)(y(2, 3))
nn.Hardsigmoid(False)(y(2, 3))
nn.Hardswish(False)(y(2, 3))
nn.Tanh()(y(2, 3))
nn.Tanhshrink()(y(2, 3))
nn.Sigmoid()(y(2, 3))
nn.LogSigmoid()(y(2, 3))
nn.Threshold(0.1, 20.0, False)(y(2, 3))
nn.GLU(-1)(y(2, 4))
nn.PReLU(1, 0.25)(y(2, 3))
nn.RReLU(0.1, 0.3, False)(y(2, 3))
nn.Softmax(1)(y(2, 3))
nn.Softmin(1)(y(2, 3))
nn.LogSoftmax(1)(y(2, 3))
nn.Softmax2d()(y(1, 2, 3, 3))
nn.L1Loss(None, None, 'mean')(y(2, 3), y(2, 3))
nn.MSELoss(None, None, 'mean')(y(2, 3), y(2, 3))
nn.SmoothL1Loss(None, None, 'mean', 1.0)(y(2, 3), y(2, 3))
nn.HuberLoss('mean', 1.0)(y(2, 3), y(2, 3))
nn.SoftMarginLoss(None, None, 'mean')(y(2, 3), y(2, 3))
nn.BCELoss(y(3), None, None, 'mean')(y(2, 3), y(2, 3))
nn.BCEWithLogitsLoss(y(3), None, None, 'mean', y(3))(y(2, 3), y(2, 3))
nn.NLLLoss(y(3), None, -100, None, 'mean')(y(5, 3), k(3, 5))
nn.CrossEntropyLoss(y(3), None, -100, None, 'mean', 0.0)(y(5, 3), k(3, 5))
nn.KLDivLoss(None, None, 'batchmean', False)(y(2, 3), y(2, 3))
nn.PoissonNLLLoss(True, False, None, 1e-8, None, 'mean')(y(2, 3), y(2, 3))
nn.GaussianNLLLoss(full=False, eps=1e-6, reduction='mean')(y(2, 3), y(2, 3), y(2, 3))
nn.CosineEmbeddingLoss(0.0, None, None, 'mean')(y(2, 3), y(2, 3), y(2))
nn.MarginRankingLoss(0.0, None, None, 'mean')(y(3), y(3), y(3))
nn.HingeEmbeddingLoss(1.0, None, None, 'mean')(y(3), y(3))
nn.TripletMarginLoss(1.0, 2.0, 1e-6, False, None, None, 'mean')(y(2, 3), y(2, 3), y(2, 3))
nn.TripletMarginWithDistanceLoss(distance_function=None, margin=1.0, swap=False, \
reduction='mean')(y(2, 3), y(2, 3), y(2, 3))
nn.MultiLabelSoftMarginLoss(y(3), None, None, 'mean')(y(2, 3), y(2, 3))
nn.MultiMarginLoss(1, 1.0, y(3), None, None, 'mean')(y(5, 3), k(3, 5))
nn.MultiLabelMarginLoss(None, None, 'mean')(y(2, 3), k(3, 2, 3))
nn.CTCLoss(0, 'mean', False)(y(6, 2, 4).log_softmax(2), k(3, 2, 3) + 1, (6, 5), (3, 2))
nn.CosineSimilarity(1, 1e-8)(y(2, 3), y(2, 3))
nn.PairwiseDistance(2.0, 1e-6, False)(y(2, 3), y(2, 3))
nn.Dropout(0.5, False)(y(2, 3))
nn.Dropout1d(0.5, False)(y(2, 3))
nn.Dropout2d(0.5, False)(y(2, 3, 2, 2))
nn.Dropout3d(0.5, False)(y(2, 3, 2, 2, 2))
nn.AlphaDropout(0.5, False)(y(2, 3))
nn.FeatureAlphaDropout(0.5, False)(y(2, 3))
nn.BatchNorm1d(3, 1e-5, 0.1, True, True)(y(4, 3))
nn.BatchNorm2d(3, 1e-5, 0.1, True, True)(y(4, 3, 2, 2))
nn.BatchNorm3d(3, 1e-5, 0.1, True, True)(y(4, 3, 2, 2, 2))
nn.LayerNorm(3, 1e-5, True, True)(y(4, 3))
nn.LayerNorm((2, 3), 1e-5, True, True)(y(4, 2, 3))
nn.GroupNorm(2, 4, 1e-5, True)(y(3, 4, 2))
nn.InstanceNorm1d(3, 1e-5, 0.1, True, True)(y(2, 3, 4))
nn.InstanceNorm2d(3, 1e-5, 0.1, True, True)(y(2, 3, 4, 4))
nn.InstanceNorm3d(3, 1e-5, 0.1, True, True)(y(2, 3, 2, 2, 2))
nn.RMSNorm(3, 1e-5, True)(y(4, 3))
nn.LocalResponseNorm(2, 1e-4, 0.75, 1.0)(y(1, 4, 3))
nn.Embedding(5, 2, 1, None, 2.0, False, False)(k(5, 3, 4))
nn.EmbeddingBag(5, 2, None, 2.0, False, 'mean', False, None, False, 1)(k(5, 6), k(3, 2))
nn.Embedding.from_pretrained(y(4, 2), True, 1, None, 2.0, False, False)(k(4, 3))
nn.Conv1d(4, 6, 3, 1, 0, 1, 2, True, 'zeros')(y(2, 4, 6))
nn.Conv2d(4, 6, 3, 1, 0, 1, 2, True, 'zeros')(y(2, 4, 6, 6))
nn.Conv2d(4, 6, (3, 3), stride=(1, 1), padding=(1, 1), dilation=(1, 1), \
padding_mode='reflect')(y(2, 4, 6, 6))
nn.Conv3d(4, 6, 3, 1, 0, 1, 2, True, 'zeros')(y(2, 4, 4, 4, 4))
nn.ConvTranspose1d(4, 6, 3, 1, 0, 0, 2, True, 1, 'zeros')(y(2, 4, 6))
nn.ConvTranspose2d(4, 6, 3, 1, 0, 0, 2, True, 1, 'zeros')(y(2, 4, 3, 3), None)
nn.ConvTranspose3d(4, 6, 3, 1, 0, 0, 2, True, 1, 'zeros')(y(2, 4, 3, 3, 3))
nn.MaxPool1d(2, 2, 0, 1, False, False)(y(2, 3, 8))
nn.MaxPool2d(2, 2, 0, 1, False, False)(y(2, 3, 8, 8))
nn.MaxPool3d(2, 2, 0, 1, False, False)(y(2, 3, 4, 4, 4))
nn.AvgPool1d(2, 2, 0, False, True)(y(2, 3, 8))
nn.AvgPool2d(2, 2, 0, False, True, None)(y(2, 3, 8, 8))
nn.AvgPool3d(2, 2, 0, False, True, None)(y(2, 3, 4, 4, 4))
nn.AdaptiveAvgPool1d(2)(y(2, 3, 8))
nn.AdaptiveAvgPool2d(2)(y(2, 3, 8, 8))
nn.AdaptiveAvgPool3d(2)(y(2, 3, 4, 4, 4))
nn.AdaptiveMaxPool1d(2, False)(y(2, 3, 8))
nn.AdaptiveMaxPool2d(2, False)(y(2, 3, 8, 8))
nn.AdaptiveMaxPool3d(2, False)(y(2, 3, 4, 4, 4))
nn.LPPool1d(2, 3, 2, False)(y(1, 2, 6))
nn.LPPool2d(2, 3, 2, False)(y(1, 2, 6, 6))
nn.LPPool3d(2, 3, 2, False)(y(1, 2, 6, 6, 6))
nn.MaxUnpool1d(2, 2, 0)(y(1, 2, 2), k(4, 1, 2, 2))
nn.MaxUnpool2d(2, 2, 0)(y(1, 1, 1, 2), k(4, 1, 1, 1, 2), None)
nn.MaxUnpool3d(2, 2, 0)(y(1, 1, 1, 1, 2), k(4, 1, 1, 1, 1, 2))
nn.Upsample(None, 2, 'nearest', None, None)(y(1, 1, 2, 3))
nn.Upsample((3, 5), None, 'bilinear', True)(y(1, 1, 2, 3))
nn.UpsamplingNearest2d(None, 2)(y(1, 1, 2, 3))
nn.UpsamplingBilinear2d(None, 2)(y(1, 1, 2, 3))
nn.PixelShuffle(2)(y(1, 4, 2, 3))
nn.PixelUnshuffle(2)(y(1, 1, 4, 6))
nn.ChannelShuffle(2)(y(1, 4, 1, 2))
nn.Fold(3, 2, 1, 0, 1)(y(1, 4, 4))
nn.Unfold(2, 1, 0, 1)(y(1, 1, 4, 4))
nn.ZeroPad1d(1)(y(1, 2, 3))
nn.ZeroPad2d(1)(y(1, 2, 3, 3))
nn.ZeroPad3d(1)(y(1, 1, 1, 2, 2))
nn.ConstantPad1d(2, 3.5)(y(1, 2, 3))
nn.ConstantPad2d(1, 3.5)(y(1, 2, 3, 3))
nn.ReflectionPad1d(1)(y(1, 2, 3))
nn.ReflectionPad2d(1)(y(1, 2, 3, 3))
nn.ReplicationPad1d(1)(y(1, 2, 3))
nn.ReplicationPad2d(1)(y(1, 2, 3, 3))
nn.CircularPad1d(1)(y(1, 2, 3))
nn.CircularPad2d(1)(y(1, 2, 3, 3))
nn.RNN(3, 4, 1, 'tanh', True, False, 0.0, False)(y(5, 2, 3), y(1, 2, 4))
nn.LSTM(3, 4, 1, True, False, 0.0, False, 0)(y(5, 2, 3), (y(1, 2, 4), y(1, 2, 4)))
nn.GRU(3, 4, 1, True, False, 0.0, False)(y(5, 2, 3), y(1, 2, 4))
nn.RNNCell(3, 4, True, 'tanh')(y(2, 3), y(2, 4))
nn.LSTMCell(3, 4, True)(y(2, 3), (y(2, 4), y(2, 4)))
nn.GRUCell(3, 4, True)(y(2, 3), y(2, 4))
nn.MultiheadAttention(4, 2, 0.0, True, False, False, None, None, False)(y(3, 2, 4), y(3, 2, 4), \
y(3, 2, 4), None, True, None, True, False)
nn.TransformerEncoderLayer(4, 2, 8, 0.1, 'relu', 1e-5, False, False, True)(y(3, 2, 4), None, \
None, False)
nn.TransformerDecoderLayer(4, 2, 8, 0.1, 'relu', 1e-5, False, False, True)(y(3, 2, 4), y(5, 2, \
4), None, None, None, None)
nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 1, None)(y(3, 2, 4), None, None)
nn.Transformer(4, 2, 1, 1, 8, 0.1, 'relu')(y(3, 2, 4), y(2, 2, 4))
nn.LazyLinear(3, True)(y(4, 2))
nn.LazyConv2d(3, 2, 1, 0, 1, 1, True)(y(1, 2, 4, 4))
nn.LazyBatchNorm1d(1e-5, 0.1)(y(4, 3))
nn.Sequential(nn.ReLU(), nn.Tanh())(y(2, 3))
nn.Sequential(nn.ReLU()).append(nn.Tanh())
nn.Sequential(nn.ReLU()).insert(0, nn.Tanh())
nn.Sequential(nn.ReLU()).extend([nn.Tanh()])
nn.ModuleList([nn.ReLU()])
nn.ModuleList([nn.ReLU()]).append(nn.Tanh())
nn.ModuleList([nn.ReLU()]).extend([nn.Tanh()])
nn.ModuleList([nn.ReLU()]).insert(0, nn.Tanh())
nn.ModuleList([nn.ReLU()]).__getitem__(0)
nn.ModuleDict({'a': nn.ReLU()})
nn.ModuleDict({'a': nn.ReLU()}).update({'b': nn.Tanh()})
nn.ModuleDict({'a': nn.ReLU()}).__setitem__('b', nn.Tanh())
nn.ModuleDict({'a': nn.ReLU()}).__getitem__('a')
nn.ModuleDict({'a': nn.ReLU()}).pop('a')
nn.ParameterList([y(2)])
nn.ParameterList([y(2)]).append(y(2))
nn.ParameterList([y(2)]).extend([y(2)])
nn.ParameterDict({'a': y(2)})
nn.ParameterDict({'a': y(2)}).__getitem__('a')
nn.Parameter(y(2), True)
nn.Linear(2, 3).register_parameter('extra', nn.Parameter(y(2)))
nn.Linear(2, 3).register_buffer('extra', y(2), True)
nn.Linear(2, 3).add_module('extra', nn.ReLU())
nn.Linear(2, 3).register_module('extra', nn.ReLU())
nn.Linear(2, 3).get_submodule('')
nn.Linear(2, 3).get_parameter('weight')
nn.BatchNorm1d(2).get_buffer('running_mean')
nn.Linear(2, 3).apply(lambda m: None)
nn.Linear(2, 3).to(torch.float64)
nn.Linear(2, 3).train(True)
nn.Linear(2, 3).requires_grad_(True)
nn.Linear(2, 3).zero_grad(True)
nn.Linear(2, 3).load_state_dict(nn.Linear(2, 3).state_dict(), True, False)
nn.Linear(2, 3).register_forward_hook(lambda m, i, o: None)
nn.Linear(2, 3).__setattr__('weight', nn.Parameter(y(3, 2)))
nn.Linear(2, 3).__delattr__('bias')
"""

INIT = """
init.uniform_(y(4, 5), -1.0, 2.0, None)
init.normal_(y(4, 5), 1.0, 0.5, None)
init.trunc_normal_(y(4, 5), 0.0, 1.0, -2.0, 2.0, None)
init.constant_(y(2, 3), 0.3)
init.ones_(y(2, 3))
init.zeros_(y(2, 3))
init.eye_(y(3, 4))
init.dirac_(y(4, 3, 3), 2)
init.xavier_uniform_(y(4, 5), 1.0, None)
init.xavier_normal_(y(4, 5), 1.0, None)
init.kaiming_uniform_(y(4, 5), 0.0, 'fan_in', 'leaky_relu', None)
init.kaiming_normal_(y(4, 5), 0.0, 'fan_in', 'leaky_relu', None)
init.orthogonal_(y(4, 5), 1.0, None)
init.sparse_(y(4, 5), 0.1, 0.01, None)
init.calculate_gain('leaky_relu', 0.2)
"""

UTILS = """
nn.utils.clip_grad_norm_([w], 1.0, 2.0, False, None)
nn.utils.clip_grad_value_([w], 1.0, None)
nn.utils.parameters_to_vector([w])
nn.utils.vector_to_parameters(y(2), [w])
nn.utils.rnn.pack_padded_sequence(y(5, 2, 3), k(5, 2).new_tensor([5, 4]), False, True)
nn.utils.rnn.pad_packed_sequence(packed, False, 0.0, None)
nn.utils.rnn.pad_sequence([y(2, 3), y(4, 3)], False, 0.0, 'right')
nn.utils.rnn.pack_sequence([y(4, 3), y(2, 3)], True)
nn.utils.parametrizations.weight_norm(nn.Linear(2, 3), 'weight', 0)
nn.utils.parametrizations.spectral_norm(nn.Linear(2, 3), 'weight', 1, 1e-12, 0)
nn.utils.parametrize.register_parametrization(nn.Linear(2, 2), 'weight', nn.Identity(), \
unsafe=False)
nn.utils.parametrize.remove_parametrizations(nn.utils.parametrizations.weight_norm(nn.Linear(2, \
3)), 'weight', True)
nn.utils.parametrize.is_parametrized(nn.Linear(2, 2), 'weight')
"""

LINALG = """
L.cholesky(spd, upper=False)
L.cholesky_ex(spd, upper=False, check_errors=False)
L.cond(spd, None)
L.cross(y(2, 3), y(2, 3), dim=-1)
L.det(spd)
L.diagonal(spd, offset=0, dim1=-2, dim2=-1)
L.eig(spd)
L.eigh(spd, 'L')
L.eigvals(spd)
L.eigvalsh(spd, 'L')
L.householder_product(y(3, 2), y(2))
L.inv(spd)
L.inv_ex(spd, check_errors=False)
L.lstsq(y(4, 2), y(4, 3), None, driver=None)
L.lu(spd, pivot=True)
L.lu_factor(spd, pivot=True)
L.lu_solve(spd, k(2, 3).int() + 1, y(3, 3), left=True, adjoint=False)
L.matmul(y(2, 3), y(3, 2))
L.matrix_exp(spd)
L.matrix_norm(spd, 'fro', (-2, -1), False, dtype=None)
L.matrix_power(spd, 2)
L.matrix_rank(spd, atol=None, rtol=None, hermitian=False)
L.multi_dot([y(2, 3), y(3, 2)])
L.norm(spd, 2, (0, 1), False, dtype=None)
L.norm(y(2, 3), 2, 1, False)
L.pinv(spd, atol=None, rtol=None, hermitian=False)
L.qr(spd, 'reduced')
L.slogdet(spd)
L.solve(spd, y(3, 2), left=True)
L.solve_ex(spd, y(3, 2), left=True, check_errors=False)
L.solve_triangular(spd, y(3, 2), upper=True, left=True, unitriangular=False)
L.svd(spd, True, driver=None)
L.svdvals(spd, driver=None)
L.tensorinv(y(6, 2, 3) + eye6.reshape(6, 2, 3), 1)
L.tensorsolve(y(2, 3, 6) + eye6.reshape(2, 3, 6), y(2, 3), None)
L.vander(y(3), N=3)
L.vecdot(y(2, 3), y(2, 3), dim=-1)
L.vector_norm(y(2, 3), 2, 1, False, dtype=None)
"""

SPECIAL = """
S.digamma(y(2, 3))
S.entr(y(2, 3))
S.erf(y(2, 3))
S.erfc(y(2, 3))
S.erfcx(y(2, 3))
S.erfinv(y(2, 3))
S.exp2(y(2, 3))
S.expit(y(2, 3))
S.expm1(y(2, 3))
S.gammaln(y(2, 3))
S.i0(y(2, 3))
S.i0e(y(2, 3))
S.i1(y(2, 3))
S.i1e(y(2, 3))
S.log1p(y(2, 3))
S.log_ndtr(y(2, 3))
S.log_softmax(y(2, 3), 1, dtype=None)
S.logit(y(2, 3), 0.1)
S.logsumexp(y(2, 3), 1, False)
S.multigammaln(y(2, 3) + 4, 2)
S.ndtr(y(2, 3))
S.ndtri(y(2, 3))
S.polygamma(1, y(2, 3))
S.psi(y(2, 3))
S.round(y(2, 3), decimals=1)
S.sinc(y(2, 3))
S.softmax(y(2, 3), 1, dtype=None)
S.xlog1py(y(2, 3), y(2, 3))
S.xlogy(y(2, 3), y(2, 3))
S.zeta(y(2, 3), y(2, 3))
"""

OPTIM = """
optim.SGD([w], 0.1, 0.9, 0.0, 0.0, False, maximize=False).step()
optim.Adam([w], 0.1, (0.9, 0.99), 1e-8, 0.0, False, maximize=False).step()
optim.AdamW([w], 0.1, (0.9, 0.99), 1e-8, 0.0, False).step()
optim.Adagrad([w], 0.1, 0.0, 0.0, 0.0, 1e-10).step()
optim.Adadelta([w], 0.1, 0.9, 1e-6, 0.0).step()
optim.Adamax([w], 0.1, (0.9, 0.99), 1e-8, 0.0).step()
optim.NAdam([w], 0.1, (0.9, 0.99), 1e-8, 0.0, 0.004).step()
optim.RAdam([w], 0.1, (0.9, 0.99), 1e-8, 0.0).step()
optim.RMSprop([w], 0.1, 0.99, 1e-8, 0.0, 0.9, False).step()
optim.Rprop([w], 0.1, (0.5, 1.2), (1e-6, 50)).step()
optim.ASGD([w], 0.1, 1e-4, 0.75, 1e6, 0.0).step()
optim.LBFGS([w], 0.1, 20, None, 1e-7, 1e-9, 100, None).step(lambda: (w * w).sum())
optim.SGD([w]).add_param_group({'params': [y(2)]})
optim.SGD([w]).load_state_dict(optim.SGD([w]).state_dict())
optim.SGD([w]).zero_grad(True)
optim.SGD([w]).step(None)
s.StepLR(sgd(), 2, 0.1, -1).step()
s.MultiStepLR(sgd(), [1, 2], 0.1, -1).step()
s.ExponentialLR(sgd(), 0.9, -1).step()
s.ConstantLR(sgd(), 0.5, 5, -1).step()
s.LinearLR(sgd(), 0.5, 1.0, 5, -1).step()
s.PolynomialLR(sgd(), 5, 1.0, -1).step()
s.CosineAnnealingLR(sgd(), 5, 0.0, -1).step()
s.CosineAnnealingWarmRestarts(sgd(), 5, 1, 0.0, -1).step()
s.LambdaLR(sgd(), lambda n: 0.5, -1).step()
s.MultiplicativeLR(sgd(), lambda n: 0.5, -1).step()
s.CyclicLR(sgd(), 0.1, 1.0, 3, None, 'triangular', 1.0, None, 'cycle', True, 0.8, 0.9, -1).step()
s.OneCycleLR(sgd(), 1.0, 10, None, None, 0.3, 'cos', True, 0.85, 0.95, 25.0, 1e4, False, -1).step()
s.ReduceLROnPlateau(sgd(), 'min', 0.1, 10, 1e-4, 'rel', 0, 0.0, 1e-8).step(1.0)
s.SequentialLR(o, [s.ConstantLR(o), s.StepLR(o, 2)], [1]).step()
s.ChainedScheduler([s.ConstantLR(o), s.StepLR(o, 2)], o).step()
"""

DATA = """
next(iter(d.DataLoader(ds, 2, False, None, None, 0, None, False, False, 0, None, None, None)))
next(iter(d.DataLoader(ds, batch_sampler=[[0, 1]], prefetch_factor=None, persistent_workers=False)))
list(d.SequentialSampler(ds))
list(d.RandomSampler(ds, False, None, None))
list(d.SubsetRandomSampler([0, 1], None))
list(d.WeightedRandomSampler([0.5, 0.5], 2, True, None))
list(d.BatchSampler([0, 1, 2], 2, False))
list(d.Subset(ds, [0, 1]))
d.Subset(ds, [0, 1])[0]
d.TensorDataset(y(2, 3), y(2))[0]
d.TensorDataset(y(2, 3), y(2)).__getitem__(0)
d.ConcatDataset([ds, ds])[0]
d.ConcatDataset([ds, ds]).__getitem__(0)
d.StackDataset(ds, ds)[0]
next(iter(d.ChainDataset([y(2)])), None)
d.random_split(ds, [2, 3], None)
d.random_split(ds, [0.5, 0.5])
d.default_collate([1, 2])
d.default_convert([1, 2])
"""

TABLES = {
    "functional": FUNCTIONAL, "losses": LOSSES, "modules": MODULES, "init": INIT, "utils": UTILS,
    "linalg": LINALG, "special": SPECIAL, "optim": OPTIM, "data": DATA,
}  # fmt: skip

KINDS: dict[str, str] = {
    "None": "None", "float": "2.5", "int": "2", "negative": "-1", "huge": "10**15", "str": "'a'",
    "list": "[1, 2]", "seven": "(1,) * 7", "bool": "True", "tensor": "torch.ones(2, 3)",
}  # fmt: skip

ARGUMENT = re.compile(r"[\w.]+\(\): argument '\w+' .*?(, not [\w. ]+|found .* at pos \d+|"
                      r"with error .|failed to \w+|$)")  # fmt: skip

# A huge number here is accepted and keeps the computer busy, or is nobody's mistake.
ENDLESS = re.compile(
    r"(RNN|LSTM|GRU)\(3, 4, wrong|Encoder\(.*\), wrong, None\)|Transformer\(4, 2,.* wrong, .*relu|"
    r"'weight', wrong, 1e-12|LBFGS\(\[w\], 0.1, wrong|None, None, wrong, None, False|total_length|"
    r"packed, False, 0.0, wrong|L.vander|S.polygamma|S.multigammaln|S.round|offset=wrong"
)


def calls(table: str) -> list[str]:
    return [line for line in TABLES[table].strip().splitlines() if line]


def in_turn(call: str) -> list[str]:
    """The call with ``wrong`` in place of each argument, along the whole chain of calls."""
    tree = ast.parse(call, mode="eval").body
    found = []
    part: ast.expr = tree
    while True:
        if isinstance(part, ast.Call):
            for place in [*part.args, *part.keywords]:
                found.append(replaced(tree, part, place))
            part = part.func if not is_function(part.func, "list next iter") else part.args[0]
        elif isinstance(part, (ast.Attribute, ast.Subscript)):
            part = part.value
        else:
            return list(dict.fromkeys(found))


def is_function(part: ast.expr, names: str) -> bool:
    return isinstance(part, ast.Name) and part.id in names.split()


def replaced(tree: ast.expr, call: ast.Call, place: ast.expr | ast.keyword) -> str:
    before = call.args, call.keywords
    wrong = ast.Name("wrong")
    call.args = [wrong if a is place else a for a in call.args]
    call.keywords = [ast.keyword(k.arg, wrong) if k is place else k for k in call.keywords]
    text = ast.unparse(tree)
    call.args, call.keywords = before
    return text


def wrong_calls(table: str) -> list[str]:
    return list(dict.fromkeys(text for call in calls(table) for text in in_turn(call)))


def scope(library: Any) -> dict[str, Any]:
    """What the calls are made with."""
    torch = library

    def y(*shape: int) -> Any:
        return (torch.arange(1.0, math.prod(shape) + 1) * 0.37 % 1).reshape(shape)

    def k(n: int, *shape: int) -> Any:
        return (torch.arange(math.prod(shape)) % n).reshape(shape)

    w = torch.tensor([1.0, 2.0], requires_grad=True)
    w.grad = torch.ones(2)
    nn, data = library.nn, library.utils.data
    optimizer = library.optim.SGD([w], lr=0.1, momentum=0.9)
    return {
        "torch": torch, "F": functional(library), "nn": nn, "L": library.linalg,
        "S": library.special, "optim": library.optim, "s": library.optim.lr_scheduler, "d": data,
        "init": nn.init, "y": y, "k": k, "w": w, "o": optimizer, "sgd": lambda: optimizer,
        "ds": data.TensorDataset(torch.arange(5.0)),
        "spd": torch.tensor([[4.0, 1.0, 0.0], [1.0, 5.0, 2.0], [0.0, 2.0, 6.0]]),
        "eye6": torch.eye(6),
        "packed": nn.utils.rnn.pack_padded_sequence(y(5, 2, 3), [5, 4]),
    }  # fmt: skip


def said(library: Any, call: str, **more: Any) -> str | None:
    """The exception's type and the opening words of its message; None if nothing is raised."""
    names = scope(library) | more
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            library.manual_seed(0)
            eval(call, names)
        except Exception as error:
            return f"{type(error).__name__}: {opening(str(error))}"
    return None


def opening(message: str) -> str:
    """What PyTorch's message begins with, without our sentence after it: the first six words; of
    one about an argument, up to what it must not be."""
    if ARGUMENT.match(message):
        message = ARGUMENT.match(message)[0]
        return message.replace(":", "").replace(",", "")
    words = message.split("{")[0].split()[:6]  # a set is shown in any order
    return " ".join(word.strip(".,:;") for word in words)


def answers(library: Any, call: str) -> list[str | None]:
    """What is said of each wrong value in turn."""
    return [None if kind == "huge" and ENDLESS.search(call) else
            said(library, call, wrong=eval(text, {"torch": library}))
            for kind, text in KINDS.items()]  # fmt: skip
