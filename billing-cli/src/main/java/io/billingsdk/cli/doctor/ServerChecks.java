package io.billingsdk.cli.doctor;

import io.billingsdk.Protocol;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.V2Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges what a probe of the server has shown. */
final class ServerChecks {
  private static final String PRESENCE = "server.presence";
  private static final String PROTOCOL = "server.protocol";
  private static final String RECEIPTS = "server.receipts";
  private static final String CLOCK = "server.clock";
  private static final String KEY = "key";
  private static final Duration CLOCK_WARN = Duration.ofSeconds(2);
  private static final Duration CLOCK_FAIL = Duration.ofSeconds(30);

  private final DoctorTarget doctorTarget;
  private final ProbeResult probeResult;
  private final Findings findings;
  private final V2Topics topics;

  ServerChecks(DoctorTarget doctorTarget, ProbeResult probeResult, Findings findings) {
    this.doctorTarget = doctorTarget;
    this.probeResult = probeResult;
    this.findings = findings;
    this.topics = V2Topics.under(doctorTarget.config().topicPrefix());
  }

  void check() {
    boolean mayReport = rights();
    if (presence() && protocol()) {
      receipts(mayReport);
      clock();
      key();
    } else {
      String why = "no billing system of protocol 2 answers";
      findings.skipped(RECEIPTS, why);
      findings.skipped(CLOCK, why);
      findings.skipped(KEY, why);
    }
  }

  /** Whether usage and its receipts may pass. */
  private boolean rights() {
    String id = doctorTarget.clientId();
    boolean usage = mayPublish("rights.usage", topics.usage(id), probeResult.usage());
    boolean receipts = maySubscribe("rights.receipts", topics.receipts(id));
    MqttAnswer hello = probeResult.hello();
    if (hello != null) {
      var ignored = mayPublish("rights.hello", topics.hello(id), hello);
    }
    for (String topic : List.of(topics.keys(id), topics.keys())) {
      var ignored = maySubscribe("rights.keys", topic);
    }
    var unused = maySubscribe("rights.presence", topics.collector());
    return usage && receipts;
  }

  private boolean mayPublish(String check, String topic, MqttAnswer answer) {
    if (answer.isAllowed()) {
      findings.ok(check, "may publish to " + topic);
      return true;
    }
    findings.fail(
        check,
        "publishing to " + topic + ": " + answer.said(),
        "let " + doctorTarget.clientId() + " publish to " + topic + " at the broker: docs/brokers");
    return false;
  }

  private boolean maySubscribe(String check, String topic) {
    MqttAnswer answer = probeResult.subscriptions().get(topic);
    if (answer != null && answer.isAllowed()) {
      findings.ok(check, "may subscribe to " + topic);
      return true;
    }
    findings.fail(
        check,
        "subscribing to " + topic + ": " + (answer == null ? "not tried" : answer.said()),
        "let "
            + doctorTarget.clientId()
            + " subscribe to "
            + topic
            + " at the broker: docs/brokers");
    return false;
  }

  private boolean presence() {
    Presence presence = probeResult.presence();
    if (presence != null && !presence.online()) {
      findings.fail(PRESENCE, "the billing server has gone", "start it: billing serve");
      return false;
    }
    if (!probeResult.isAnybodyThere()) {
      findings.fail(
          PRESENCE,
          "no billing system answers under the prefix " + doctorTarget.config().topicPrefix(),
          "start it at this broker, or correct topicPrefix: both must have the same");
      return false;
    }
    findings.ok(PRESENCE, "a billing system answers");
    return true;
  }

  private boolean protocol() {
    Presence presence = probeResult.presence();
    int spoken = presence != null ? presence.protocol() : probeResult.protocol();
    if (spoken >= 2 || probeResult.receipt() || probeResult.keys() != null) {
      if (doctorTarget.config().protocol() == Protocol.V1) {
        findings.warn(
            PROTOCOL,
            "the billing system speaks protocol 2, the service is set to v1",
            "remove protocol=v1: only receipts of protocol 2 mean that an event is stored");
      } else {
        findings.ok(PROTOCOL, "the billing system speaks protocol 2");
      }
      return true;
    }
    String found = "the billing system speaks protocol 1 only: there are no receipts";
    String fix = "upgrade it; events that the broker loses are lost until then";
    if (doctorTarget.config().protocol() == Protocol.V1) {
      findings.warn(PROTOCOL, found, fix);
    } else {
      findings.fail(PROTOCOL, found, fix);
    }
    return false;
  }

  private void receipts(boolean mayReport) {
    if (!mayReport) {
      findings.skipped(RECEIPTS, "the rights for it are missing");
    } else if (probeResult.receipt()) {
      findings.ok(RECEIPTS, "a batch without events was answered: the ledger can be written to");
    } else {
      findings.fail(
          RECEIPTS,
          "no answer to a batch within " + doctorTarget.patience().toSeconds() + " s",
          "let "
              + doctorTarget.clientId()
              + " read "
              + topics.receipts(doctorTarget.clientId())
              + " at the broker, and see the server's log: its database may be away");
    }
  }

  private void clock() {
    Duration ahead = probeResult.ahead();
    if (ahead == null) {
      findings.skipped(CLOCK, "the server's time is in the key feed of v1, which did not come");
      return;
    }
    Duration off = ahead.abs();
    String found =
        "this clock is "
            + seconds(off)
            + (ahead.isNegative() ? " behind" : " ahead of")
            + " the server's";
    String fix = "synchronise both by NTP: usage is charged at the time that this clock shows";
    if (off.compareTo(CLOCK_FAIL) > 0) {
      findings.fail(CLOCK, found, fix);
    } else if (off.compareTo(CLOCK_WARN) > 0) {
      findings.warn(CLOCK, found, fix);
    } else {
      findings.ok(CLOCK, found);
    }
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1_000.0);
  }

  private void key() {
    String apiKey = doctorTarget.apiKey();
    List<KeyRecord> keys = probeResult.keys();
    if (apiKey == null) {
      findings.skipped(KEY, "no key was given");
      return;
    }
    if (keys == null) {
      findings.skipped(KEY, "the key table did not come");
      return;
    }
    String sha256 = KeyRef.sha256(apiKey);
    Optional<KeyRecord> found =
        keys.stream().filter(each -> each.keySha256().equals(sha256)).findFirst();
    found.ifPresentOrElse(
        this::judge,
        () ->
            findings.fail(
                KEY,
                "the key is not among the " + keys.size() + " that the server knows",
                "create one: billing keys create --app APP; or correct the key"));
  }

  private void judge(KeyRecord key) {
    String name = key.keyId() + " of " + key.appId();
    if (key.status() == KeyRecord.Status.BLOCKED) {
      findings.fail(
          KEY, name + " is blocked" + because(key.reason()), "billing keys unblock " + key.keyId());
    } else if (key.status() == KeyRecord.Status.REMOVED) {
      findings.fail(KEY, name + " was removed", "billing keys create --app " + key.appId());
    } else if (isExpired(key)) {
      findings.fail(KEY, name + " has expired", "billing keys rotate, or keys set --expires");
    } else {
      findings.ok(KEY, name + " is known and may be used");
    }
  }

  private boolean isExpired(KeyRecord key) {
    Long end = key.expiresAtMillis();
    return end != null && !Instant.ofEpochMilli(end).isAfter(doctorTarget.clock().instant());
  }

  private static String because(@Nullable String reason) {
    return reason == null ? "" : ": " + reason;
  }
}
