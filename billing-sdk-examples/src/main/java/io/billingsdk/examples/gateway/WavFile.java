package io.billingsdk.examples.gateway;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A RIFF/WAVE file of uncompressed PCM, 8 or 16 bit.
 *
 * <p>Other chunks are skipped. The sizes that the file states are compared with its bytes: a file
 * that was cut is refused, and not billed for the missing part.
 */
final class WavFile {
  private static final int RIFF_HEADER_BYTES = 12;
  private static final int CHUNK_HEADER_BYTES = 8;
  private static final int FMT_BYTES = 16;
  private static final int PCM = 1;
  private static final int MAX_SAMPLE_RATE = 384_000;
  private static final int MAX_CHANNELS = 8;

  private final Format format;
  private final ByteBuffer data;

  private WavFile(Format format, ByteBuffer data) {
    this.format = format;
    this.data = data;
  }

  private record Format(int channels, int sampleRate, int bitsPerSample) {
    int frameBytes() {
      return channels * bitsPerSample / Byte.SIZE;
    }
  }

  /** Reads a file as a whole; every fault in it is a {@link WavFormatException}. */
  static WavFile parse(byte[] bytes) throws WavFormatException {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    require(bytes.length >= RIFF_HEADER_BYTES, "the file ends inside the RIFF header");
    require(id(file).equals("RIFF"), "it does not begin with RIFF");
    long stated = Integer.toUnsignedLong(file.getInt());
    require(id(file).equals("WAVE"), "it is RIFF, but not WAVE");
    require(
        stated <= bytes.length - CHUNK_HEADER_BYTES,
        "the RIFF header states %d bytes, but %d follow it",
        stated,
        bytes.length - CHUNK_HEADER_BYTES);
    return chunks(file);
  }

  int sampleRate() {
    return format.sampleRate();
  }

  int channels() {
    return format.channels();
  }

  int bitsPerSample() {
    return format.bitsPerSample();
  }

  int frames() {
    return data.limit() / format.frameBytes();
  }

  /** Length of the audio, rounded up to whole milliseconds. */
  long millis() {
    return (frames() * 1000L + sampleRate() - 1) / sampleRate();
  }

  /** A sample from -1 to 1. */
  double sample(int frame, int channel) {
    int at = frame * format.frameBytes() + channel * bitsPerSample() / Byte.SIZE;
    return bitsPerSample() == Byte.SIZE
        ? ((data.get(at) & 0xff) - 128) / 128.0
        : data.getShort(at) / 32768.0;
  }

  private static WavFile chunks(ByteBuffer file) throws WavFormatException {
    Format format = null;
    while (file.remaining() > 0) {
      require(file.remaining() >= CHUNK_HEADER_BYTES, "the file ends inside a chunk header");
      String id = id(file);
      long size = Integer.toUnsignedLong(file.getInt());
      require(
          size <= file.remaining(),
          "chunk '%s' states %d bytes, but %d follow it",
          id,
          size,
          file.remaining());
      ByteBuffer chunk = file.slice(file.position(), (int) size).order(ByteOrder.LITTLE_ENDIAN);
      if (id.equals("fmt ")) {
        require(format == null, "it has two 'fmt ' chunks");
        format = format(chunk);
      } else if (id.equals("data")) {
        return withData(format, chunk);
      }
      skip(file, size);
    }
    throw new WavFormatException(format == null ? "it has no 'fmt ' chunk" : "it has no data");
  }

  private static WavFile withData(@Nullable Format format, ByteBuffer data)
      throws WavFormatException {
    if (format == null) {
      throw new WavFormatException("its data comes before the 'fmt ' chunk");
    }
    require(data.limit() > 0, "it holds no sound");
    require(
        data.limit() % format.frameBytes() == 0,
        "its data of %d bytes ends inside a frame of %d",
        data.limit(),
        format.frameBytes());
    return new WavFile(format, data);
  }

  private static Format format(ByteBuffer chunk) throws WavFormatException {
    require(chunk.limit() >= FMT_BYTES, "its 'fmt ' chunk has %d bytes only", chunk.limit());
    int encoding = Short.toUnsignedInt(chunk.getShort(0));
    int channels = Short.toUnsignedInt(chunk.getShort(2));
    int sampleRate = chunk.getInt(4);
    int frameBytes = Short.toUnsignedInt(chunk.getShort(12));
    int bits = Short.toUnsignedInt(chunk.getShort(14));
    require(encoding == PCM, "its encoding is %d, but only PCM (1) can be read", encoding);
    require(channels >= 1 && channels <= MAX_CHANNELS, "it has %d channels", channels);
    require(sampleRate >= 1 && sampleRate <= MAX_SAMPLE_RATE, "its sample rate is %d", sampleRate);
    require(bits == Byte.SIZE || bits == Short.SIZE, "it has %d bits per sample", bits);
    Format format = new Format(channels, sampleRate, bits);
    require(
        frameBytes == format.frameBytes(),
        "it states frames of %d bytes, but they have %d",
        frameBytes,
        format.frameBytes());
    return format;
  }

  /** Chunks begin at even offsets; writers forget the last pad byte. */
  private static void skip(ByteBuffer file, long size) {
    long next = file.position() + size + (size & 1);
    file.position((int) Math.min(next, file.limit()));
  }

  private static String id(ByteBuffer file) {
    byte[] id = new byte[4];
    file.get(id);
    for (int i = 0; i < id.length; i++) {
      // It is shown in messages, where a control character could do things to a terminal.
      id[i] = id[i] < ' ' || id[i] > '~' ? (byte) '?' : id[i];
    }
    return new String(id, StandardCharsets.US_ASCII);
  }

  private static void require(boolean holds, String message, Object... values)
      throws WavFormatException {
    if (!holds) {
      throw new WavFormatException(String.format(Locale.ROOT, message, values));
    }
  }
}
