package io.billingsdk.peers;

import io.sentry.Sentry;
import io.sentry.SentryAttributes;
import io.sentry.SentryEvent;
import io.sentry.SentryLogLevel;
import io.sentry.logger.SentryLogParameters;
import io.sentry.protocol.Message;
import java.util.HashMap;
import java.util.Map;

/**
 * Sentry, by one of its two ways: an event is an envelope of its own, in a queue of 30; a log is
 * one of up to 100 in an envelope, in a queue of 1,000.
 */
final class SentryReporter implements Reporter {
  private final boolean logs;

  SentryReporter(Target target, boolean logs) {
    this.logs = logs;
    Sentry.init(
        options -> {
          options.setDsn("http://public@127.0.0.1:" + target.port() + "/1");
          options.getLogs().setEnabled(logs);
        });
  }

  @Override
  public boolean report(String id) {
    if (logs) {
      log(id);
    } else {
      capture(id);
    }
    return true;
  }

  private static void log(String id) {
    Map<String, Object> facts = new HashMap<>(Sample.properties(id));
    facts.put("key", Sample.KEY);
    Sentry.logger()
        .log(
            SentryLogLevel.INFO,
            SentryLogParameters.create(SentryAttributes.fromMap(facts)),
            "usage");
  }

  private static void capture(String id) {
    SentryEvent event = new SentryEvent();
    Message message = new Message();
    message.setMessage("usage");
    event.setMessage(message);
    event.setExtras(Sample.properties(id));
    event.setTag("key", Sample.KEY);
    Sentry.captureEvent(event);
  }

  @Override
  public void close() {
    Sentry.close();
  }
}
