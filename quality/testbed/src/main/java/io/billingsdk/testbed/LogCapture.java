package io.billingsdk.testbed;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.FilterReply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Everything that this JVM logs while it is open, at every level: through SLF4J with Logback, and
 * through java.util.logging. It shows whether a secret reaches a log.
 *
 * <p>Each event is kept as text with its logger, message, every single argument, key-value pairs
 * and the whole throwable. Logback's own appenders are detached meanwhile, since they would print
 * every trace line. {@link #close()} puts appenders and levels back.
 *
 * <p>Thread-safe; one at a time in a JVM.
 */
public final class LogCapture implements AutoCloseable {

  private final LoggerContext context;
  private final Logger root;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final List<Appender<ILoggingEvent>> detached = new ArrayList<>();
  private final EveryLevel everyLevel = new EveryLevel();
  private final Recorder recorder = new Recorder();
  private final JulCapture jul;

  private LogCapture(LoggerContext context, List<String> excludedJulLoggers) {
    this.context = context;
    this.root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    this.jul = new JulCapture(excludedJulLoggers, this::append);
  }

  /**
   * Begins to capture.
   *
   * @param excludedJulLoggers names of java.util.logging loggers to leave out, with all below them
   */
  public static LogCapture start(String... excludedJulLoggers) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      throw new IllegalStateException("logs can be captured with Logback only");
    }
    LogCapture capture = new LogCapture(context, List.of(excludedJulLoggers));
    capture.install();
    return capture;
  }

  /** All that was logged until now. */
  public String text() {
    return String.join("\n", lines);
  }

  @Override
  public void close() {
    jul.uninstall();
    context.getTurboFilterList().remove(everyLevel);
    root.detachAppender(recorder);
    recorder.stop();
    detached.forEach(root::addAppender);
    detached.clear();
  }

  private void install() {
    for (Iterator<Appender<ILoggingEvent>> i = root.iteratorForAppenders(); i.hasNext(); ) {
      detached.add(i.next());
    }
    detached.forEach(root::detachAppender);
    recorder.setContext(context);
    recorder.start();
    root.addAppender(recorder);
    context.addTurboFilter(everyLevel);
    jul.install();
  }

  private void append(String line) {
    lines.add(line);
  }

  /** Logs whatever the levels say, those that are set later included. */
  private static final class EveryLevel extends TurboFilter {
    @Override
    public FilterReply decide(
        @Nullable Marker marker,
        Logger logger,
        Level level,
        @Nullable String format,
        Object @Nullable [] arguments,
        @Nullable Throwable thrown) {
      return FilterReply.ACCEPT;
    }
  }

  /** Without a lock: a text is made by code of others, which may wait for one that logs. */
  private final class Recorder extends UnsynchronizedAppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      List<Object> parts = new ArrayList<>();
      parts.add(event.getLevel());
      parts.add(event.getLoggerName());
      parts.add(event.getFormattedMessage());
      Object[] arguments = event.getArgumentArray();
      // On their own too: the message may have fewer places than arguments.
      parts.addAll(arguments == null ? Collections.emptyList() : Arrays.asList(arguments));
      if (event.getKeyValuePairs() != null) {
        parts.addAll(event.getKeyValuePairs());
      }
      if (event.getThrowableProxy() != null) {
        parts.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
      LogCapture.this.append(joined(parts));
    }
  }

  static String joined(List<?> parts) {
    List<String> texts = new ArrayList<>();
    for (Object part : parts) {
      texts.add(part instanceof Object[] many ? Arrays.deepToString(many) : String.valueOf(part));
    }
    return String.join(" | ", texts);
  }
}
