"""The small news site that `sinorus demo` serves to itself: three invented newsrooms.

Everything it says is invented, and its dates are fixed, so that two runs see the same pages.
"""
