package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.billingsdk.server.http.LastingExchange.ByteParts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What was compressed, whatever the parts that it comes in. */
class GunzipTest {
  private final Random random = new Random(seed());

  private static long seed() {
    long seed = Long.getLong("gunzip.seed", System.nanoTime());
    System.out.println("gunzip seed=" + seed);
    return seed;
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  /** Gives a part at a time, and nothing in between. */
  private ByteParts parts(byte[] bytes) {
    int[] at = {0};
    return buffer -> {
      if (at[0] == bytes.length) {
        return -1;
      }
      int length = Math.min(Math.min(random.nextInt(40), buffer.length), bytes.length - at[0]);
      System.arraycopy(bytes, at[0], buffer, 0, length);
      at[0] += length;
      return length;
    };
  }

  private byte[] expanded(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[100];
    try (Gunzip gunzip = new Gunzip(parts(bytes))) {
      for (int read = gunzip.read(buffer); read >= 0; read = gunzip.read(buffer)) {
        out.write(buffer, 0, read);
      }
    }
    return out.toByteArray();
  }

  private byte[] content(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    Arrays.fill(bytes, length / 2, length, (byte) 'x');
    return bytes;
  }

  @Test
  void read_whateverTheParts_givesWhatWasCompressed() throws IOException {
    for (int i = 0; i < 200; i++) {
      byte[] first = content(random.nextInt(3_000));
      byte[] second = content(random.nextInt(300));
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      both.write(gzip(first));
      both.write(gzip(second));
      ByteArrayOutputStream wanted = new ByteArrayOutputStream();
      wanted.write(first);
      wanted.write(second);
      assertThat(expanded(both.toByteArray())).isEqualTo(wanted.toByteArray());
    }
    assertThat(expanded(new byte[0])).isEmpty();
  }

  @Test
  void read_aHeadWithAllThatItMayHave_readsOverIt() throws IOException {
    byte[] plain = gzip("content".getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] head = Arrays.copyOf(plain, 10);
    head[3] = 2 + 4 + 8 + 16;
    out.write(head);
    out.write(new byte[] {3, 0, 'a', 'b', 'c'});
    out.write("name\0a comment\0".getBytes(StandardCharsets.US_ASCII));
    CRC32 check = new CRC32();
    check.update(out.toByteArray());
    out.write(new byte[] {(byte) check.getValue(), (byte) (check.getValue() >> 8)});
    out.write(plain, 10, plain.length - 10);
    assertThat(expanded(out.toByteArray())).asString().isEqualTo("content");
  }

  @Test
  void read_whatIsCutOrChanged_isRefused() throws IOException {
    byte[] whole = gzip(content(500));
    for (int cut = 1; cut < whole.length; cut += 7) {
      byte[] part = Arrays.copyOf(whole, cut);
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> expanded(part));
    }
    byte[] changed = whole.clone();
    changed[whole.length - 6] ^= 1;
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> expanded(changed));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> expanded("no gzip at all".getBytes(StandardCharsets.UTF_8)));
  }
}
