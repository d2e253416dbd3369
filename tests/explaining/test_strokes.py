"""Pieces of strokes."""

import numpy as np
from scipy.ndimage import label

from scribal.explaining.strokes import pieces_of_ink


def test_pieces_hang_together_grow_and_are_given_once(digits):
    for digit in digits[:5]:
        pieces = list(pieces_of_ink(digit[..., 0]))
        sizes = [piece.sum() for piece in pieces]
        assert sizes == sorted(sizes)
        assert len({piece.tobytes() for piece in pieces}) == len(pieces) > 50
        for piece in pieces[::25]:
            assert label(piece, np.ones((3, 3)))[1] == 1
            assert digit[piece].all()
            assert not piece.all(where=digit[..., 0] > 0)


def test_a_piece_does_not_reach_over_a_gap():
    grey = np.zeros((5, 9), np.uint8)
    grey[2, :4], grey[2, 5:] = 200, 255
    assert all(not (piece[2, 3] and piece[2, 5]) for piece in pieces_of_ink(grey))
    assert max(piece.sum() for piece in pieces_of_ink(grey)) == 4


def test_ink_of_any_range_has_pieces(digits):
    pieces = list(pieces_of_ink(digits[0, ..., 0] / np.float32(255)))
    assert len(pieces) > 20


def test_without_ink_there_are_no_pieces():
    assert list(pieces_of_ink(np.zeros((5, 5), np.uint8))) == []
