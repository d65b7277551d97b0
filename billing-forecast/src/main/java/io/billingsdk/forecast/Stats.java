package io.billingsdk.forecast;

/** Order statistics. */
final class Stats {
  private Stats() {}

  /** The median of the first values, whose order changes. */
  static double median(double[] values, int count) {
    if (count == 0) {
      return 0;
    }
    int half = count / 2;
    double above = select(values, count, half);
    if (count % 2 == 1) {
      return above;
    }
    double below = values[0];
    for (int i = 1; i < half; i++) {
      below = Math.max(below, values[i]);
    }
    return (below + above) / 2;
  }

  /**
   * The value that sorting would put at a place, smaller ones before it: a fit asks for hundreds of
   * medians, and sorting takes most of its time.
   */
  private static double select(double[] values, int count, int place) {
    int low = 0;
    int high = count - 1;
    while (low < high) {
      double pivot = middle(values[low], values[(low + high) >>> 1], values[high]);
      int left = low;
      int right = high;
      while (left <= right) {
        while (values[left] < pivot) {
          left++;
        }
        while (values[right] > pivot) {
          right--;
        }
        if (left <= right) {
          double other = values[left];
          values[left++] = values[right];
          values[right--] = other;
        }
      }
      if (place <= right) {
        high = right;
      } else if (place >= left) {
        low = left;
      } else {
        break;
      }
    }
    return values[place];
  }

  private static double middle(double one, double two, double three) {
    return Math.max(Math.min(one, two), Math.min(Math.max(one, two), three));
  }

  /** A quantile of sorted values with the correction of conformal prediction: (n + 1) p. */
  static double conformal(double[] sorted, int count, double probability) {
    double rank = (count + 1) * probability - 1;
    int below = (int) Math.floor(Math.max(0, Math.min(count - 1, rank)));
    int above = Math.min(count - 1, below + 1);
    double part = Math.max(0, Math.min(1, rank - below));
    return sorted[below] + part * (sorted[above] - sorted[below]);
  }

  /** The quantile of Student's distribution beside one of the normal one (Cornish, Fisher). */
  static double student(double normal, double freedom) {
    double square = normal * normal;
    double first = (square + 1) / (4 * freedom);
    double second = (5 * square * square + 16 * square + 3) / (96 * freedom * freedom);
    return normal * (1 + first + second);
  }

  static double mean(double[] values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
    }
    return to > from ? sum / (to - from) : 0;
  }
}
