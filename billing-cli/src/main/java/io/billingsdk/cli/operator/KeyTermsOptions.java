package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Whole;
import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.cli.console.WrongValueException;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The permitted uses of a key; options that are not given stay as they are. */
final class KeyTermsOptions {
  private static final String NONE = "none";
  private static final String NUMBER = "[0-9]{1,20}(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?";
  private static final BigDecimal LEAST_RATE = new BigDecimal("0.001");
  private static final BigDecimal MOST_RATE = BigDecimal.valueOf(1_000_000);

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "a model that the key may use; repeatable; gpt-4* for a prefix; * for all")
  private @Nullable List<String> models;

  @Option(names = "--expires", paramLabel = "TIME", description = "2027-01-31T00:00:00Z, or never")
  private @Nullable String expires;

  @Option(
      names = "--rate",
      paramLabel = "N",
      converter = RateText.class,
      description = "calls a second of all instances together, 0.001 to 1000000; or none")
  private @Nullable String rate;

  @Option(
      names = "--burst",
      paramLabel = "N",
      converter = Whole.Frequency.class,
      description =
          "calls at once, 1 to 1000000, with --rate; default: those of a second, at least 1")
  private @Nullable Long burst;

  @Option(
      names = "--quota",
      paramLabel = "QUOTA",
      converter = QuotaText.class,
      description =
          "METER=LIMIT[,resets=TIME][,overage]; the SDKs enforce it by leases;"
              + " repeatable; or none")
  private @Nullable List<String> quotas;

  /** The terms with what was given changed. */
  KeyEntitlements applyTo(KeyEntitlements terms) {
    KeyEntitlements changed = terms;
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
        throw new WrongOptionException("--burst needs --rate");
      }
      return new Rate(before.perSecond(), atOnce);
    }
    if (rate.equals(NONE)) {
      return null;
    }
    BigDecimal perSecond = new BigDecimal(rate);
    return new Rate(perSecond, atOnce != null ? atOnce : Rate.burstOf(perSecond));
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
    BigDecimal limit = number(parts[0].substring(equals + 1));
    if (limit == null) {
      throw malformed(text);
    }
    return Quota.unused(parts[0].substring(0, equals), limit, resets, overage);
  }

  private static WrongValueException malformed(String text) {
    return new WrongValueException(
        "METER=LIMIT[,resets=TIME][,overage] with a number from 0 as LIMIT", text);
  }

  /** A rate as it was given, checked against its bounds. */
  private static final class RateText implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      BigDecimal rate = number(text);
      boolean isRate =
          rate != null && rate.compareTo(LEAST_RATE) >= 0 && rate.compareTo(MOST_RATE) <= 0;
      if (!text.equals(NONE) && !isRate) {
        throw new WrongValueException("a number from 0.001 to 1000000, or none", text);
      }
      return text;
    }
  }

  /** A quota as it was given, in the right form. */
  private static final class QuotaText implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (!text.equals(NONE)) {
        var unused = quota(text);
      }
      return text;
    }
  }

  /** Null when it is none; what Java reads beside these is none here. */
  private static @Nullable BigDecimal number(String text) {
    return text.matches(NUMBER) ? new BigDecimal(text) : null;
  }

  static Instant time(String option, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException malformed) {
      throw new WrongOptionException(
          option + " must be a time like 2027-01-31T00:00:00Z, but was " + text, malformed);
    }
  }
}
