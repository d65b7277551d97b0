package io.billingsdk.server.http;

import io.billingsdk.server.http.LastingExchange.ByteParts;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Expands what was compressed with gzip (RFC 1952), as far as it has come: what of Java does that
 * waits for more. One file may follow another. To be closed. For one thread at a time.
 */
final class Gunzip implements ByteParts, AutoCloseable {
  private static final int BUFFER_BYTES = 8 * 1024;
  private static final int HEAD_BYTES = 10;
  private static final int TAIL_BYTES = 8;
  private static final int MAGIC = 0x8b1f;
  private static final int DEFLATE = 8;
  private static final int FLAG_CHECK = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int FLAGS = 0xff;

  private final ByteParts in;
  private final Inflater inflater = new Inflater(/* nowrap= */ true);
  private final CRC32 check = new CRC32();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int from;
  private int to;
  private GzipPart place = GzipPart.HEAD;
  private int wanted = HEAD_BYTES;
  private long number;
  private int taken;
  private int flags;
  private long length;
  private boolean begun;
  private boolean ended;

  Gunzip(ByteParts in) {
    this.in = in;
  }

  private enum GzipPart {
    HEAD,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    CHECK,
    DATA,
    TAIL
  }

  @Override
  public int read(byte[] target) throws IOException {
    while (!ended) {
      if (place == GzipPart.DATA) {
        int expanded = expand(target);
        if (expanded > 0) {
          return expanded;
        }
        if (place != GzipPart.DATA) {
          continue;
        }
      }
      if (from == to || place == GzipPart.DATA) {
        int read = in.read(buffer);
        if (read == 0) {
          return 0;
        }
        if (read < 0) {
          end();
          return -1;
        }
        from = 0;
        to = read;
      }
      if (place == GzipPart.DATA) {
        inflater.setInput(buffer, from, to - from);
        from = to;
      } else {
        frame(buffer[from++] & FLAGS);
      }
    }
    return -1;
  }

  private int expand(byte[] target) throws IOException {
    try {
      int expanded = inflater.inflate(target);
      check.update(target, 0, expanded);
      length += expanded;
      if (expanded == 0 && inflater.needsDictionary()) {
        throw new ZipException("it wants a dictionary");
      }
      if (expanded == 0 && inflater.finished()) {
        from = to - inflater.getRemaining();
        go(GzipPart.TAIL, TAIL_BYTES);
      }
      return expanded;
    } catch (DataFormatException malformed) {
      throw new ZipException(String.valueOf(malformed.getMessage()));
    }
  }

  private void end() throws EOFException {
    ended = true;
    if (begun) {
      throw new EOFException("it ends early");
    }
  }

  private void go(GzipPart next, int bytes) {
    place = next;
    wanted = bytes;
    taken = 0;
    number = 0;
  }

  /** A byte of what is around the data. */
  private void frame(int each) throws IOException {
    begun = true;
    boolean isText = place == GzipPart.NAME || place == GzipPart.COMMENT;
    if (place == GzipPart.HEAD) {
      head(each);
    } else if (taken < Long.BYTES && !isText) {
      number |= (long) each << (Byte.SIZE * taken);
    }
    taken++;
    if (isText ? each == 0 : taken == wanted) {
      passed();
    }
  }

  private void head(int each) throws ZipException {
    boolean isRight =
        switch (taken) {
          case 0 -> each == (MAGIC & FLAGS);
          case 1 -> each == MAGIC >> Byte.SIZE;
          case 2 -> each == DEFLATE;
          default -> true;
        };
    if (!isRight) {
      throw new ZipException("it is not compressed with gzip");
    }
    if (taken == 3) {
      flags = each;
    }
  }

  private void passed() throws ZipException {
    if (place == GzipPart.TAIL) {
      long right = check.getValue() | ((length & 0xffffffffL) << Integer.SIZE);
      if (number != right) {
        throw new ZipException("it is not what was compressed");
      }
      inflater.reset();
      check.reset();
      length = 0;
      begun = false;
      go(GzipPart.HEAD, HEAD_BYTES);
    } else if (place == GzipPart.EXTRA_LENGTH && number > 0) {
      go(GzipPart.EXTRA, (int) number);
    } else {
      after(place);
    }
  }

  /** The next part of the head that its flags name. */
  private void after(GzipPart passed) {
    if (passed.compareTo(GzipPart.EXTRA_LENGTH) < 0 && (flags & FLAG_EXTRA) != 0) {
      go(GzipPart.EXTRA_LENGTH, 2);
    } else if (passed.compareTo(GzipPart.NAME) < 0 && (flags & FLAG_NAME) != 0) {
      go(GzipPart.NAME, 0);
    } else if (passed.compareTo(GzipPart.COMMENT) < 0 && (flags & FLAG_COMMENT) != 0) {
      go(GzipPart.COMMENT, 0);
    } else if (passed.compareTo(GzipPart.CHECK) < 0 && (flags & FLAG_CHECK) != 0) {
      go(GzipPart.CHECK, 2);
    } else {
      go(GzipPart.DATA, 0);
      inflater.setInput(buffer, from, to - from);
      from = to;
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
