package io.billingsdk.cli.remote;

import io.billingsdk.protocol.Bounds;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Lines in parts that fit in a request: as many as are there, since a line that has come does not
 * wait for the next, and at most to the end of a block. Holds a bounded part of them. For one
 * thread.
 */
final class LineBatches {
  /** Lines of a block: the server answers so many before it reads on, so that no answer waits. */
  static final int BLOCK = 500;

  /** The server refuses a longer one, and need not be sent all of it for that. */
  private static final int LINE_BYTES = 8 * Bounds.EVENT_BYTES + 1;

  private static final int PART_BYTES = 1 << 20;
  private static final int BUFFER_BYTES = 1 << 16;

  private final BufferedInputStream in;
  private long lines;
  private boolean ended;

  LineBatches(InputStream in) {
    this.in = new BufferedInputStream(in, BUFFER_BYTES);
  }

  /** Some lines that follow each other in one block, each with its end. */
  static final class LineBatch {
    private final long before;
    private final int lines;
    private final byte[] bytes;

    private LineBatch(long before, int lines, byte[] bytes) {
      this.before = before;
      this.lines = lines;
      this.bytes = bytes;
    }

    /** Lines before the first of them. */
    long before() {
      return before;
    }

    int lines() {
      return lines;
    }

    long block() {
      return before / BLOCK;
    }

    /** With an empty line for each before it in its block, so that lines keep their numbers. */
    byte[] bytes() {
      int skipped = (int) (before % BLOCK);
      ByteArrayOutputStream all = new ByteArrayOutputStream(skipped + bytes.length);
      for (int i = 0; i < skipped; i++) {
        all.write('\n');
      }
      all.writeBytes(bytes);
      return all.toByteArray();
    }
  }

  /** The next one; of no lines at the end. Waits for the first of them alone. */
  LineBatch next() throws IOException {
    long before = lines;
    int room = (int) (BLOCK - before % BLOCK);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(BUFFER_BYTES);
    int count = 0;
    while (!ended
        && count < room
        && bytes.size() < PART_BYTES
        && (count == 0 || in.available() > 0)) {
      if (readLine(bytes)) {
        count++;
      }
    }
    lines += count;
    return new LineBatch(before, count, bytes.toByteArray());
  }

  /** A line with its end, cut off behind the bound; false at the end of all. */
  private boolean readLine(ByteArrayOutputStream to) throws IOException {
    int read = in.read();
    if (read < 0) {
      ended = true;
      return false;
    }
    for (int length = 0; read >= 0 && read != '\n'; read = in.read()) {
      if (length++ < LINE_BYTES) {
        to.write(read);
      }
    }
    to.write('\n');
    return true;
  }
}
