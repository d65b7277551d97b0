package io.billingsdk.internal.journal;

import java.nio.ByteBuffer;

/** A file in memory. */
final class BytesInput implements JournalFiles.Input {
  private final byte[] content;

  BytesInput(byte[] content) {
    this.content = content;
  }

  @Override
  public void read(ByteBuffer into, long position) {
    int count = (int) Math.min(into.remaining(), content.length - position);
    if (count > 0) {
      into.put(content, (int) position, count);
    }
  }

  @Override
  public long bytes() {
    return content.length;
  }

  @Override
  public void close() {}
}
