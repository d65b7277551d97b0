package io.billingsdk.internal.keys;

/** A keyed hash of a presented key, in 128 bits; of no use outside of this process. */
record KeyHash(long high, long low) {

  @Override
  public int hashCode() {
    return (int) (low ^ (low >>> 32));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyHash that && high == that.high && low == that.low;
  }
}
