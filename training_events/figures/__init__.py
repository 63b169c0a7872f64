"""Figures of training events: counting, anonymous totals, charts, what a yearly report needs."""
