package io.billingsdk.examples.gateway;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes RIFF/WAVE files. */
final class WavWriter {
  private static final int HEADER_BYTES = 44;
  private static final int FMT_BYTES = 16;
  private static final short PCM = 1;
  private static final short MONO = 1;

  private WavWriter() {}

  /** One channel of 16 bit PCM. */
  static byte[] mono16(short[] samples, int sampleRate) {
    int dataBytes = samples.length * Short.BYTES;
    ByteBuffer file = ByteBuffer.allocate(HEADER_BYTES + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    file.put(ascii("RIFF")).putInt(HEADER_BYTES - 8 + dataBytes).put(ascii("WAVE"));
    file.put(ascii("fmt ")).putInt(FMT_BYTES).putShort(PCM).putShort(MONO);
    file.putInt(sampleRate).putInt(sampleRate * Short.BYTES);
    file.putShort((short) Short.BYTES).putShort((short) Short.SIZE);
    file.put(ascii("data")).putInt(dataBytes);
    file.asShortBuffer().put(samples);
    return file.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
