package io.billingsdk.examples.demo;

import io.billingsdk.examples.client.CallResult;
import io.billingsdk.examples.demo.Narrator.Voice;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Tells of the first call of each kind; hundreds of lines would tell nothing. Thread-safe. */
final class Highlights {
  private final Narrator narrator;
  private final Set<String> shown = new HashSet<>();

  Highlights(Narrator narrator) {
    this.narrator = narrator;
  }

  synchronized void show(CallResult result) {
    if (shown.add(kind(result))) {
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
