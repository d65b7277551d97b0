package io.billingsdk.broker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Keeps the broker's start and stop out of the host's log: its packages that log at INFO get the
 * level WARN, where the log is Logback's and nobody has set a level.
 */
final class QuietLogging {

  private static final List<String> TALKATIVE =
      List.of(
          "com.hivemq.HiveMQServer",
          "com.hivemq.bootstrap",
          "com.hivemq.common.shutdown",
          "com.hivemq.configuration",
          "com.hivemq.embedded",
          "com.hivemq.extensions",
          "com.hivemq.migration",
          "com.hivemq.security",
          "migrations");

  private QuietLogging() {}

  static void apply() {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    // By name: with another back end Logback's classes may be absent.
    if (factory.getClass().getName().equals("ch.qos.logback.classic.LoggerContext")) {
      Logback.quieten(factory);
    }
  }

  /** Loaded only when Logback is there. */
  private static final class Logback {
    static void quieten(ILoggerFactory factory) {
      LoggerContext context = (LoggerContext) factory;
      TALKATIVE.stream()
          .map(context::getLogger)
          .filter(logger -> logger.getLevel() == null)
          .forEach(logger -> logger.setLevel(Level.WARN));
    }
  }
}
