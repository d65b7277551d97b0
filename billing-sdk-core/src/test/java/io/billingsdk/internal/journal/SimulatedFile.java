package io.billingsdk.internal.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The content of a simulated file: what is on the disk, and the changes that are only in memory.
 */
final class SimulatedFile {
  private byte[] now;
  private int nowBytes;
  private byte[] safe;
  private int safeBytes;
  private final List<Change> pending = new ArrayList<>();

  /** Changes that are pending no more. */
  private long past;

  /** A write, or a cut when there are no bytes. */
  private static final class Change {
    private final int at;
    private final byte[] bytes;
    private final int sizeAfter;

    Change(int at, byte[] bytes, int sizeAfter) {
      this.at = at;
      this.bytes = bytes;
      this.sizeAfter = sizeAfter;
    }
  }

  SimulatedFile() {
    this(new byte[0]);
  }

  /** One that is on the disk. */
  SimulatedFile(byte[] content) {
    this.now = content.clone();
    this.safe = content.clone();
    this.nowBytes = content.length;
    this.safeBytes = content.length;
  }

  int bytes() {
    return nowBytes;
  }

  /** What a reader sees now. */
  byte[] content() {
    return Arrays.copyOf(now, nowBytes);
  }

  void append(byte[] bytes) {
    Change change = new Change(nowBytes, bytes, nowBytes + bytes.length);
    now = applied(now, change);
    nowBytes = change.sizeAfter;
    pending.add(change);
  }

  void truncate(int size) {
    if (size < nowBytes) {
      Change change = new Change(size, new byte[0], size);
      now = applied(now, change);
      nowBytes = size;
      pending.add(change);
    }
  }

  /** Changes bytes behind everybody's back, on the disk too. */
  void damage(int at, int xor) {
    now[at] ^= (byte) xor;
    if (at < safeBytes) {
      safe[at] ^= (byte) xor;
    }
  }

  int read(ByteBuffer into, long position, int most) {
    int count = (int) Math.min(Math.min(into.remaining(), nowBytes - position), most);
    if (count <= 0) {
      return 0;
    }
    into.put(now, (int) position, count);
    return count;
  }

  /** How many changes there were so far. */
  long changes() {
    return past + pending.size();
  }

  void force() {
    force(changes());
  }

  /** Forces so many changes, counted from the first, and none of the later ones. */
  void force(long changes) {
    while (past < changes && !pending.isEmpty()) {
      Change change = pending.remove(0);
      safe = applied(safe, change);
      safeBytes = change.sizeAfter;
      past++;
    }
  }

  /** After a failed force the bytes count as clean, whether they are still in memory or not. */
  void forget(Random random) {
    past += pending.size();
    pending.clear();
    int kind = random.nextInt(3);
    if (kind == 0) {
      return;
    }
    int size = kind == 1 ? nowBytes : safeBytes;
    now = Arrays.copyOf(Arrays.copyOf(safe, safeBytes), Math.max(size, 16));
    nowBytes = size;
  }

  /** What a power cut leaves of it. */
  SimulatedFile afterPowerCut(Random random) {
    if (pending.isEmpty()) {
      return new SimulatedFile(Arrays.copyOf(safe, safeBytes));
    }
    int changes = pending.size();
    int whole = random.nextInt(changes + 1);
    return switch (random.nextInt(6)) {
      case 0 -> new SimulatedFile(Arrays.copyOf(safe, safeBytes));
      case 1 -> prefix(changes, 0);
      case 2 -> prefix(whole, 0);
      case 3 -> prefix(whole, whole == changes ? 0 : random.nextInt(tornBytes(whole)));
      case 4 -> pages(512, random);
      default -> pages(4096, random);
    };
  }

  private int tornBytes(int index) {
    return pending.get(index).bytes.length + 1;
  }

  private SimulatedFile prefix(int whole, int torn) {
    byte[] content = safe.clone();
    int size = safeBytes;
    for (int i = 0; i < whole; i++) {
      content = applied(content, pending.get(i));
      size = pending.get(i).sizeAfter;
    }
    if (torn > 0) {
      Change change = pending.get(whole);
      byte[] part = Arrays.copyOf(change.bytes, torn);
      content = applied(content, new Change(change.at, part, change.at + torn));
      size = change.at + torn;
    }
    return new SimulatedFile(Arrays.copyOf(content, size));
  }

  /** Any of the pages, whatever was written first, and any of the sizes; the rest is zeros. */
  private SimulatedFile pages(int pageBytes, Random random) {
    byte[] content = safe.clone();
    for (Change change : pending) {
      if (change.bytes.length == 0) {
        content = random.nextBoolean() ? applied(content, change) : content;
        continue;
      }
      int end = change.at + change.bytes.length;
      for (int at = change.at; at < end; at = (at / pageBytes + 1) * pageBytes) {
        int to = Math.min(end, (at / pageBytes + 1) * pageBytes);
        if (random.nextBoolean()) {
          byte[] part = Arrays.copyOfRange(change.bytes, at - change.at, to - change.at);
          content = applied(content, new Change(at, part, to));
        }
      }
    }
    int index = random.nextInt(pending.size() + 2) - 1;
    int size = index < 0 ? safeBytes : pending.get(Math.min(index, pending.size() - 1)).sizeAfter;
    return new SimulatedFile(Arrays.copyOf(content, size));
  }

  private static byte[] applied(byte[] content, Change change) {
    byte[] result = content;
    if (change.bytes.length == 0) {
      Arrays.fill(result, Math.min(change.at, result.length), result.length, (byte) 0);
      return result;
    }
    int end = change.at + change.bytes.length;
    if (end > result.length) {
      result = Arrays.copyOf(result, Math.max(end, 2 * result.length));
    }
    System.arraycopy(change.bytes, 0, result, change.at, change.bytes.length);
    return result;
  }
}
