"""numpy, scipy and pandas: sums, a linear system, a group-by."""

import numpy as np
import pandas as pd
from scipy import linalg, optimize


def main():
    total = int(np.arange(1_000_001).sum())
    solved = linalg.solve(np.array([[3.0, 2.0], [1.0, 2.0]]), np.array([18.0, 10.0]))
    root = optimize.brentq(lambda x: x**3 - 8, 0, 5)
    table = pd.DataFrame({"kind": ["a", "b", "a"], "n": [1, 2, 3]})
    groups = table.groupby("kind")["n"].sum().to_dict()
    print(f"sum {total}, solved {solved.round(6).tolist()}, root {root:.6f}, groups {groups}")


if __name__ == "__main__":
    main()
