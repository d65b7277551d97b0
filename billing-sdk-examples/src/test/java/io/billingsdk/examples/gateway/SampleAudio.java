package io.billingsdk.examples.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes the WAV files that ship with the examples. Run {@code main} with their directory as the
 * argument after a change; a test holds the files against it.
 */
final class SampleAudio {
  private SampleAudio() {}

  static Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("greeting.wav", spoken("Hello, this is the billing demo."));
    files.put("pause.wav", spoken("Wait for it" + " ".repeat(18) + "now"));
    files.put("stereo.wav", stereoWithNote());
    files.put("damaged.wav", Arrays.copyOf(spoken("This file was cut off."), 3000));
    return files;
  }

  public static void main(String[] arguments) throws IOException {
    for (Map.Entry<String, byte[]> file : files().entrySet()) {
      Files.write(Path.of(arguments[0], file.getKey()), file.getValue());
    }
  }

  private static byte[] spoken(String text) {
    return WavWriter.mono16(Tones.of(text), Tones.SAMPLE_RATE);
  }

  /** Two channels of 8 bit at 11,025 Hz, and a LIST chunk of odd length before the data. */
  private static byte[] stereoWithNote() {
    int rate = 11_025;
    int frames = rate * 3 / 2;
    byte[] note = "INFOINAM\5\0\0\0demo\0".getBytes(StandardCharsets.US_ASCII);
    int dataBytes = frames * 2;
    int pad = note.length & 1;
    ByteBuffer file =
        ByteBuffer.allocate(12 + 24 + 8 + note.length + pad + 8 + dataBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.put(ascii("RIFF")).putInt(file.capacity() - 8).put(ascii("WAVE"));
    file.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) 2);
    file.putInt(rate).putInt(rate * 2).putShort((short) 2).putShort((short) 8);
    file.put(ascii("LIST")).putInt(note.length).put(note).put(new byte[pad]);
    file.put(ascii("data")).putInt(dataBytes);
    for (int i = 0; i < frames; i++) {
      double left = StrictMath.sin(2 * Math.PI * 330 * i / rate);
      double right = StrictMath.sin(2 * Math.PI * 440 * i / rate);
      file.put((byte) (128 + Math.round(60 * left))).put((byte) (128 + Math.round(60 * right)));
    }
    return file.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
