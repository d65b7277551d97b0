package io.billingsdk.protocol;

import java.io.ByteArrayOutputStream;

/** Bytes up to a bound; writing beyond it fails instead of growing. */
final class BoundedJson extends ByteArrayOutputStream {
  private final int maxBytes;

  BoundedJson(int maxBytes) {
    super(256);
    this.maxBytes = maxBytes;
  }

  @Override
  public synchronized void write(int b) {
    if (count + 1 > maxBytes) {
      throw new TooLarge();
    }
    super.write(b);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    if (count + length > maxBytes) {
      throw new TooLarge();
    }
    super.write(bytes, offset, length);
  }

  /** The bound was reached. Without a stack trace: it is an outcome, not a fault. */
  static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLarge() {
      super(null, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    }
  }
}
