package io.billingsdk.cli.console;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.billingsdk.server.common.ShownText;

/** The message of a line of the log: a name in it must not look like a line of its own. */
public final class LogMessage extends ClassicConverter {
  @Override
  public String convert(ILoggingEvent event) {
    return ShownText.of(String.valueOf(event.getFormattedMessage()));
  }
}
