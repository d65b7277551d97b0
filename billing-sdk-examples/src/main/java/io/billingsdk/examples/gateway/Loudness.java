package io.billingsdk.examples.gateway;

import io.billingsdk.examples.api.AudioSegment;
import java.util.ArrayList;
import java.util.List;

/** Finds the loud and the quiet stretches of audio, in steps of 20 ms. */
final class Loudness {
  private static final int STEP_MILLIS = 20;
  private static final double LOUD_ABOVE_DBFS = -40;
  private static final double SILENCE_DBFS = -96;

  private Loudness() {}

  static List<AudioSegment> segments(WavFile wav) {
    int step = Math.max(1, wav.sampleRate() * STEP_MILLIS / 1000);
    List<AudioSegment> segments = new ArrayList<>();
    int start = 0;
    boolean loud = isLoud(wav, 0, step);
    for (int at = step; at < wav.frames(); at += step) {
      if (isLoud(wav, at, step) != loud) {
        segments.add(segment(wav, start, at, loud));
        start = at;
        loud = !loud;
      }
    }
    segments.add(segment(wav, start, wav.frames(), loud));
    return segments;
  }

  private static boolean isLoud(WavFile wav, int from, int frames) {
    return dbfs(wav, from, Math.min(from + frames, wav.frames())) > LOUD_ABOVE_DBFS;
  }

  private static AudioSegment segment(WavFile wav, int from, int to, boolean loud) {
    return AudioSegment.newBuilder()
        .setStartSeconds((double) from / wav.sampleRate())
        .setEndSeconds((double) to / wav.sampleRate())
        .setLoud(loud)
        .setLevelDbfs(Math.round(dbfs(wav, from, to) * 10) / 10.0)
        .build();
  }

  private static double dbfs(WavFile wav, int from, int to) {
    double squares = 0;
    for (int frame = from; frame < to; frame++) {
      for (int channel = 0; channel < wav.channels(); channel++) {
        double sample = wav.sample(frame, channel);
        squares += sample * sample;
      }
    }
    double mean = squares / ((double) (to - from) * wav.channels());
    return mean == 0 ? SILENCE_DBFS : Math.max(SILENCE_DBFS, 10 * Math.log10(mean));
  }
}
