package io.billingsdk.examples.gateway;

/**
 * Speaks text as tones: 40 ms a character, its height by the character, silence for white space.
 * The same text gives the same samples on every machine.
 */
final class Tones {
  static final int SAMPLE_RATE = 8000;

  private static final int SAMPLES_PER_CHARACTER = SAMPLE_RATE * 40 / 1000;
  private static final int FADE = 40;
  private static final double LOWEST_HERTZ = 220;
  private static final int STEPS = 24;
  private static final double AMPLITUDE = 0.4 * Short.MAX_VALUE;

  private Tones() {}

  static short[] of(String text) {
    int[] characters = text.codePoints().toArray();
    short[] samples = new short[characters.length * SAMPLES_PER_CHARACTER];
    for (int i = 0; i < characters.length; i++) {
      if (!Character.isWhitespace(characters[i])) {
        tone(samples, i * SAMPLES_PER_CHARACTER, hertz(characters[i]));
      }
    }
    return samples;
  }

  /** A semitone a step, over two octaves. */
  private static double hertz(int character) {
    return LOWEST_HERTZ * StrictMath.pow(2, Math.floorMod(character, STEPS) / 12.0);
  }

  private static void tone(short[] samples, int from, double hertz) {
    for (int i = 0; i < SAMPLES_PER_CHARACTER; i++) {
      // A tone that starts or ends in full swing clicks.
      double fade = Math.min(1, Math.min(i, SAMPLES_PER_CHARACTER - 1 - i) / (double) FADE);
      // StrictMath: another JVM's sine may differ in the last bit, and so would the file.
      double wave = StrictMath.sin(2 * Math.PI * hertz * i / SAMPLE_RATE);
      samples[from + i] = (short) Math.round(AMPLITUDE * fade * wave);
    }
  }
}
