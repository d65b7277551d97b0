package io.billingsdk.testbed;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/** The part of {@link LogCapture} that listens to java.util.logging. */
final class JulCapture extends Handler {

  private final List<String> excluded;
  private final Consumer<String> sink;
  private final SimpleFormatter formatter = new SimpleFormatter();

  /** The levels to put back. The map also keeps the loggers alive, and with them their levels. */
  private final Map<Logger, @Nullable Level> levels = new LinkedHashMap<>();

  JulCapture(List<String> excluded, Consumer<String> sink) {
    this.excluded = excluded;
    this.sink = sink;
  }

  void install() {
    Logger root = Logger.getLogger("");
    for (String name : Collections.list(LogManager.getLogManager().getLoggerNames())) {
      Logger logger = LogManager.getLogManager().getLogger(name);
      // A null level inherits; one that is set would hold back what is below it.
      if (logger != null && (logger.getLevel() != null || logger == root) && !isExcluded(name)) {
        levels.put(logger, logger.getLevel());
        logger.setLevel(Level.ALL);
      }
    }
    setLevel(Level.ALL);
    root.addHandler(this);
  }

  void uninstall() {
    Logger.getLogger("").removeHandler(this);
    levels.forEach(Logger::setLevel);
    levels.clear();
  }

  @Override
  public void publish(LogRecord record) {
    String name = String.valueOf(record.getLoggerName());
    if (isExcluded(name)) {
      return;
    }
    List<Object> parts = new ArrayList<>();
    parts.add("jul");
    parts.add(record.getLevel());
    parts.add(name);
    parts.add(formatter.formatMessage(record));
    Object[] parameters = record.getParameters();
    parts.addAll(parameters == null ? Collections.emptyList() : Arrays.asList(parameters));
    if (record.getThrown() != null) {
      StringWriter trace = new StringWriter();
      record.getThrown().printStackTrace(new PrintWriter(trace, /* autoFlush= */ true));
      parts.add(trace);
    }
    sink.accept(LogCapture.joined(parts));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  private boolean isExcluded(String name) {
    return excluded.stream().anyMatch(each -> name.equals(each) || name.startsWith(each + "."));
  }
}
