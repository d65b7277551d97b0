package io.billingsdk.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class LogCaptureTest {

  private static final Logger LOG = LoggerFactory.getLogger("some.logger");
  private static final java.util.logging.Logger JUL =
      java.util.logging.Logger.getLogger("some.jul.logger");

  @Test
  void text_everyLevelAndPart_isKept() {
    try (LogCapture capture = LogCapture.start("excluded")) {
      LOG.trace("formatted {}", "with-argument", "argument-without-a-place");
      LOG.atDebug().addKeyValue("key", "key-value").log("fluent");
      LOG.warn("failed", new IllegalStateException("outer", new RuntimeException("the-cause")));
      ((ch.qos.logback.classic.Logger) LOG).setLevel(ch.qos.logback.classic.Level.OFF);
      LOG.trace("whatever the level");

      assertThat(LOG.isTraceEnabled()).isTrue();
      assertThat(capture.text())
          .contains("formatted with-argument", "argument-without-a-place", "key-value")
          .contains("the-cause", "whatever the level", "TRACE | some.logger");
    } finally {
      ((ch.qos.logback.classic.Logger) LOG).setLevel(null);
    }
  }

  @Test
  void text_javaUtilLogging_isKeptExceptForTheExcluded() {
    var excluded = java.util.logging.Logger.getLogger("excluded.below");
    JUL.setLevel(Level.SEVERE);
    try (LogCapture capture = LogCapture.start("excluded")) {
      JUL.log(Level.FINEST, "finest {0}", "jul-argument");
      JUL.log(Level.FINE, "failed", new IllegalStateException("jul-cause"));
      excluded.severe("not-wanted");

      assertThat(capture.text())
          .contains("finest jul-argument", "jul-cause")
          .doesNotContain("not-wanted");
    }
    assertThat(JUL.getLevel()).isEqualTo(Level.SEVERE);
    JUL.setLevel(null);
  }

  @Test
  void close_always_putsAppendersAndLevelsBack() {
    var root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("ROOT");
    List<String> before = appenders(root);
    Level julBefore = java.util.logging.Logger.getLogger("").getLevel();

    LogCapture capture = LogCapture.start();
    capture.close();
    LOG.trace("afterwards");

    assertThat(capture.text()).doesNotContain("afterwards");
    assertThat(appenders(root)).isEqualTo(before).isNotEmpty();
    assertThat(java.util.logging.Logger.getLogger("").getLevel()).isEqualTo(julBefore);
    assertThat(LOG.isTraceEnabled()).isFalse();
  }

  private static List<String> appenders(ch.qos.logback.classic.Logger logger) {
    var names = new java.util.ArrayList<String>();
    logger.iteratorForAppenders().forEachRemaining(each -> names.add(each.getName()));
    return names;
  }
}
