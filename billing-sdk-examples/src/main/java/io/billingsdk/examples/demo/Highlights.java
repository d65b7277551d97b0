package io.billingsdk.examples.demo;

import io.billingsdk.examples.demo.Narrator.Voice;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Tells of the first call of each kind, and now and then how many were made; a line a call would
 * tell nothing. Thread-safe.
 */
final class Highlights {
  private static final double QUIET_SECONDS = 2;

  private final Narrator narrator;
  private final Set<String> shown = new HashSet<>();
  private long calls;
  private double saidAtSeconds;

  Highlights(Narrator narrator) {
    this.narrator = narrator;
  }

  synchronized void show(CallResult result) {
    calls++;
    if (narrator.seconds() - saidAtSeconds > QUIET_SECONDS && calls > 1) {
      saidAtSeconds = narrator.seconds();
      narrator.say(Voice.CLIENT, "  %d calls made", calls);
    }
    if (shown.add(kind(result))) {
      saidAtSeconds = narrator.seconds();
      narrator.say(
          Voice.CLIENT,
          "  #%d %s, key %s: %s",
          result.call().number(),
          lower(result.call().service()),
          lower(result.key()),
          text(result));
    }
  }

  private static String kind(CallResult result) {
    if (result instanceof CallResult.Denied denied) {
      return denied.reason() + " " + denied.operatorReason();
    }
    return result.getClass().getSimpleName() + " " + result.call().service();
  }

  private static String text(CallResult result) {
    if (result instanceof CallResult.Answered answered) {
      return answered.summary();
    }
    if (result instanceof CallResult.Failed failed) {
      return "INVALID_ARGUMENT, " + failed.description();
    }
    if (result instanceof CallResult.Denied denied) {
      String reason = denied.operatorReason().isEmpty() ? "" : " (" + denied.operatorReason() + ")";
      return denied.code() + ", " + denied.reason() + reason;
    }
    return result.toString();
  }

  private static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
