package io.billingsdk.protocol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Compression of batches; announced by a user property of the message. */
public final class Gzip {
  /** Name of the user property. */
  public static final String PROPERTY = "content-encoding";

  /** Its value for a compressed batch. */
  public static final String VALUE = "gzip";

  private Gzip() {}

  /** The bytes, compressed. */
  public static byte[] compress(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 4 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException("memory does not fail", impossible);
    }
    return compressed.toByteArray();
  }

  /**
   * The bytes, expanded.
   *
   * @param maxBytes beyond it nothing is allocated: a few bytes can expand to gigabytes
   * @throws MalformedMessageException when they are not compressed, or expand beyond the bound
   */
  public static byte[] expand(byte[] compressed, int maxBytes) throws MalformedMessageException {
    byte[] expanded;
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      expanded = gzip.readNBytes(maxBytes + 1);
    } catch (IOException malformed) {
      throw new MalformedMessageException("not compressed with gzip");
    }
    if (expanded.length > maxBytes) {
      throw new MalformedMessageException("expands to more than " + maxBytes + " bytes");
    }
    return expanded;
  }
}
