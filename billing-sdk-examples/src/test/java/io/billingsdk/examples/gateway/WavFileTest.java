package io.billingsdk.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.billingsdk.examples.api.AudioSegment;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("system")
class WavFileTest {
  private static final byte[] GREETING = sample("greeting.wav");
  private static final byte[] STEREO = sample("stereo.wav");

  @Test
  void parse_ownFile_findsWhatWasWritten() throws WavFormatException {
    WavFile wav = WavFile.parse(WavWriter.mono16(new short[] {0, 16_384, -32_768}, 8000));
    assertThat(wav.sampleRate()).isEqualTo(8000);
    assertThat(wav.channels()).isEqualTo(1);
    assertThat(wav.bitsPerSample()).isEqualTo(16);
    assertThat(wav.frames()).isEqualTo(3);
    assertThat(wav.millis()).isEqualTo(1);
    assertThat(wav.sample(1, 0)).isEqualTo(0.5);
    assertThat(wav.sample(2, 0)).isEqualTo(-1.0);
  }

  @Test
  void parse_stereoEightBitWithOtherChunks_skipsThem() throws WavFormatException {
    WavFile wav = WavFile.parse(STEREO);
    assertThat(wav.channels()).isEqualTo(2);
    assertThat(wav.bitsPerSample()).isEqualTo(8);
    assertThat(wav.millis()).isEqualTo(1500);
    assertThat(wav.sample(0, 1)).isZero();
  }

  @Test
  void parse_cutAtEveryOffset_isRefusedWithAMessage() {
    for (byte[] whole : List.of(GREETING, STEREO)) {
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatExceptionOfType(WavFormatException.class)
            .as("cut at %d", length)
            .isThrownBy(() -> WavFile.parse(cut))
            .satisfies(e -> assertThat(e.getMessage()).isNotBlank());
      }
    }
  }

  @Test
  void parse_headerBytesChanged_isReadOrRefusedButNothingElse() {
    Random random = new Random(3);
    for (int run = 0; run < 20_000; run++) {
      byte[] changed = Arrays.copyOf(STEREO, 200);
      // The sizes are made true first, so that the changes reach the inner checks.
      changed[4] = (byte) 192;
      changed[5] = 0;
      changed[70] = 0;
      int flips = 1 + random.nextInt(3);
      for (int i = 0; i < flips; i++) {
        changed[random.nextInt(80)] = (byte) random.nextInt(256);
      }
      parsedOrRefused(changed);
    }
  }

  @Test
  void parse_randomBytes_areRefusedOrReadButNothingElse() {
    Random random = new Random(4);
    for (int run = 0; run < 5_000; run++) {
      byte[] bytes = new byte[random.nextInt(100)];
      random.nextBytes(bytes);
      parsedOrRefused(bytes);
    }
  }

  @Test
  void parse_encodingOtherThanPcm_isRefusedByName() {
    byte[] floats = GREETING.clone();
    floats[20] = 3;
    assertThatExceptionOfType(WavFormatException.class)
        .isThrownBy(() -> WavFile.parse(floats))
        .withMessage("its encoding is 3, but only PCM (1) can be read");
  }

  @Test
  void segments_pauseInTheMiddle_loudQuietLoud() throws WavFormatException {
    List<AudioSegment> segments = Loudness.segments(WavFile.parse(sample("pause.wav")));
    // Spaces between the first words are short quiet stretches of their own.
    AudioSegment longest =
        segments.stream()
            .filter(segment -> !segment.getLoud())
            .max((a, b) -> Double.compare(length(a), length(b)))
            .orElseThrow();
    assertThat(length(longest)).isCloseTo(18 * 0.04, within(0.05));
    assertThat(segments.get(segments.size() - 1).getLoud()).isTrue();
  }

  @Test
  void samples_committedFiles_areWhatTheGeneratorMakes() {
    for (Map.Entry<String, byte[]> file : SampleAudio.files().entrySet()) {
      assertThat(sample(file.getKey())).as(file.getKey()).isEqualTo(file.getValue());
      assertThat(file.getValue().length).isLessThan(40_000);
    }
  }

  private static double length(AudioSegment segment) {
    return segment.getEndSeconds() - segment.getStartSeconds();
  }

  private static void parsedOrRefused(byte[] bytes) {
    try {
      WavFile wav = WavFile.parse(bytes);
      assertThat(wav.millis()).isPositive();
      assertThat(Loudness.segments(wav)).isNotEmpty();
    } catch (WavFormatException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  private static byte[] sample(String name) {
    try (InputStream in = WavFileTest.class.getResourceAsStream("/demo-inputs/" + name)) {
      return in == null ? new byte[0] : in.readAllBytes();
    } catch (java.io.IOException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
