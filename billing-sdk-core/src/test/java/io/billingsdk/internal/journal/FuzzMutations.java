package io.billingsdk.internal.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Random changes of bytes; of segments also such that a checksum does not give away. */
final class FuzzMutations {
  private static final int[] LENGTHS = {0, 1, -1, 7, 8, 1 << 20, (1 << 20) + 1, 0x7FFFFFFF, -8};

  private FuzzMutations() {}

  /** One to eight changes. */
  static byte[] any(byte[] original, Random random) {
    byte[] bytes = original.clone();
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      bytes = bytes.length == 0 ? new byte[random.nextInt(40)] : one(bytes, random);
    }
    return bytes;
  }

  /** As {@link #any}, and record headers that are valid in themselves. */
  static byte[] segment(byte[] original, UUID stream, Random random) {
    byte[] bytes = any(original, random);
    for (int i = random.nextInt(4); i > 0 && bytes.length > 200; i--) {
      int at = 8 * random.nextInt((bytes.length - 32) / 8);
      putHeader(bytes, at, stream, random);
    }
    return bytes;
  }

  private static byte[] one(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    int count = Math.min(bytes.length - at, 1 + random.nextInt(64));
    switch (random.nextInt(8)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt();
      case 2 -> Arrays.fill(bytes, at, at + count, (byte) (random.nextBoolean() ? 0 : -1));
      case 3 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 4 -> {
        return without(bytes, at, random.nextBoolean() ? count : Math.min(count, 8));
      }
      case 5 -> {
        return doubled(bytes, at, count);
      }
      case 6 -> {
        int to = random.nextInt(bytes.length - count + 1);
        System.arraycopy(bytes.clone(), at, bytes, to, count);
      }
      default -> {
        return Arrays.copyOf(bytes, bytes.length + random.nextInt(2_000));
      }
    }
    return bytes;
  }

  private static byte[] without(byte[] bytes, int at, int count) {
    byte[] result = Arrays.copyOf(bytes, bytes.length - count);
    System.arraycopy(bytes, at + count, result, at, bytes.length - at - count);
    return result;
  }

  private static byte[] doubled(byte[] bytes, int at, int count) {
    byte[] result = Arrays.copyOf(bytes, bytes.length + count);
    System.arraycopy(bytes, at, result, at + count, bytes.length - at);
    return result;
  }

  private static void putHeader(byte[] bytes, int at, UUID stream, Random random) {
    ByteBuffer header = ByteBuffer.wrap(bytes, at, 32).slice().order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0, 0xB1115E61).putInt(4, LENGTHS[random.nextInt(LENGTHS.length)]);
    header.putLong(8, random.nextLong()).put(16, (byte) random.nextInt());
    ByteBuffer id = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    id.putLong(stream.getMostSignificantBits()).putLong(stream.getLeastSignificantBits());
    CRC32C crc = new CRC32C();
    crc.update(id.flip());
    crc.update(bytes, at, 28);
    header.putInt(28, (int) crc.getValue());
  }
}
