package io.billingsdk.server.cli;

import io.billingsdk.server.ServerException;
import io.billingsdk.server.keys.KeyTerms;
import io.billingsdk.wire.KeyRecord.Quota;
import io.billingsdk.wire.KeyRecord.Rate;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a key may be used for; what is not given stays as it is. */
final class KeyTermsOptions {
  private static final String NONE = "none";

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "allowed; repeatable; gpt-4* for a beginning; * for all")
  private @Nullable List<String> models;

  @Option(names = "--expires", paramLabel = "TIME", description = "2027-01-31T00:00:00Z, or never")
  private @Nullable String expires;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "calls a second, told to the service; or none")
  private @Nullable String rate;

  @Option(
      names = "--burst",
      paramLabel = "N",
      description = "calls at once; default: those of a second, at least 1")
  private @Nullable Long burst;

  @Option(
      names = "--quota",
      paramLabel = "QUOTA",
      description = "METER=LIMIT[,resets=TIME][,overage], told to the service; repeatable; or none")
  private @Nullable List<String> quotas;

  /** The terms with what was given changed. */
  KeyTerms applyTo(KeyTerms terms) {
    KeyTerms changed = terms;
    if (models != null) {
      changed = changed.withModels(models.equals(List.of("*")) ? List.of() : models);
    }
    if (expires != null) {
      changed = changed.withExpires(expires.equals("never") ? null : time("--expires", expires));
    }
    if (rate != null || burst != null) {
      changed = changed.withRate(rate(changed.rate()));
    }
    if (quotas != null) {
      changed = changed.withQuotas(quotas.equals(List.of(NONE)) ? List.of() : quotas(quotas));
    }
    return changed;
  }

  boolean areAbsent() {
    return models == null && expires == null && rate == null && burst == null && quotas == null;
  }

  private @Nullable Rate rate(@Nullable Rate before) {
    Long atOnce = burst;
    if (rate == null) {
      if (before == null || atOnce == null) {
        throw new ServerException("--burst needs --rate");
      }
      return new Rate(before.perSecond(), atOnce);
    }
    if (rate.equals(NONE)) {
      return null;
    }
    double perSecond = number("--rate", rate);
    return new Rate(perSecond, atOnce != null ? atOnce : Math.max(1, (long) Math.ceil(perSecond)));
  }

  private static List<Quota> quotas(List<String> texts) {
    List<Quota> quotas = new ArrayList<>();
    for (String text : texts) {
      quotas.add(quota(text));
    }
    return quotas;
  }

  private static Quota quota(String text) {
    String[] parts = text.split(",", -1);
    int equals = parts[0].indexOf('=');
    if (equals < 1) {
      throw malformed(text);
    }
    Long resets = null;
    boolean overage = false;
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].equals("overage")) {
        overage = true;
      } else if (parts[i].startsWith("resets=")) {
        resets = time("--quota", parts[i].substring("resets=".length())).toEpochMilli();
      } else {
        throw malformed(text);
      }
    }
    double limit = number("--quota", parts[0].substring(equals + 1));
    return new Quota(parts[0].substring(0, equals), limit, 0, resets, overage);
  }

  private static ServerException malformed(String text) {
    return new ServerException(
        "--quota must be METER=LIMIT[,resets=TIME][,overage], but is " + text);
  }

  private static double number(String option, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException malformed) {
      throw new ServerException(option + " must be a number, but is " + text, malformed);
    }
  }

  static Instant time(String option, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException malformed) {
      throw new ServerException(
          option + " must be a time like 2027-01-31T00:00:00Z, but is " + text, malformed);
    }
  }
}
