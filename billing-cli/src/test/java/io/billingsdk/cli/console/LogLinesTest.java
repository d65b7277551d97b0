package io.billingsdk.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line of the log, as the configuration of the commands writes it. */
class LogLinesTest {
  @Test
  void message_withTextOfOthers_isOneLine_andNothingInItIsObeyed() throws Exception {
    LoggerContext context = configured();
    Logger root = context.getLogger("ROOT");
    Appender<ILoggingEvent> appender = root.getAppender("STDERR");
    PatternLayoutEncoder encoder =
        (PatternLayoutEncoder) ((ConsoleAppender<ILoggingEvent>) appender).getEncoder();
    String name = "acme\n12:00:00.000 ERROR forged\u001b[2J\u202e";
    LoggingEvent event =
        new LoggingEvent(
            "x", root, Level.WARN, "app {}", new IllegalStateException(name), new Object[] {name});
    String text = new String(encoder.encode(event), StandardCharsets.UTF_8);
    assertThat(text)
        .contains("app acme\\u000a12:00:00.000 ERROR forged\\u001b[2J\\u202e")
        .doesNotContain("\u001b", "\u202e");
    assertThat(text.lines().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("  "));
    context.stop();
  }

  /** At DEBUG, these write what comes over a connection: identifiers of persons are in bodies. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.eclipse.jetty.io.SocketChannelEndPoint",
        "org.eclipse.jetty.http.HttpParser",
        "org.eclipse.jetty.server.internal.HttpConnection",
        "org.eclipse.jetty.client.HttpClient",
        "org.jdbi.sql",
        "org.postgresql.Driver",
        "com.zaxxer.hikari.pool.HikariPool"
      })
  void libraries_thatCouldLogBodies_logNoDetails(String name) throws Exception {
    LoggerContext context = configured();
    assertThat(context.getLogger("ROOT").getLevel()).isEqualTo(Level.INFO);
    assertThat(context.getLogger(name).isDebugEnabled()).isFalse();
    assertThat(context.getLogger(name).isTraceEnabled()).isFalse();
    context.stop();
  }

  private static LoggerContext configured() throws Exception {
    LoggerContext context = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(
        Objects.requireNonNull(CommandLogging.class.getResource("logback-commands.xml")));
    return context;
  }
}
