package io.billingsdk.server.performance;

/** Finds the value of a rank without putting all values in order, which takes far longer. */
final class Ranks {
  private Ranks() {}

  /**
   * The value that would be at this place of the values in order. After it the values before the
   * place are not greater, and those behind it are not smaller.
   */
  static long select(long[] values, int rank) {
    int low = 0;
    int high = values.length - 1;
    while (low < high) {
      long pivot = middle(values[low], values[(low + high) >>> 1], values[high]);
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
          long value = values[left];
          values[left++] = values[right];
          values[right--] = value;
        }
      }
      if (rank <= right) {
        high = right;
      } else if (rank >= left) {
        low = left;
      } else {
        return values[rank];
      }
    }
    return values[rank];
  }

  private static long middle(long one, long two, long three) {
    return Math.max(Math.min(one, two), Math.min(Math.max(one, two), three));
  }

  /** The smallest value from a place on; without one the other value. */
  static long leastFrom(long[] values, int first, long otherwise) {
    if (first >= values.length) {
      return otherwise;
    }
    long least = values[first];
    for (int i = first + 1; i < values.length; i++) {
      least = Math.min(least, values[i]);
    }
    return least;
  }
}
