package io.billingsdk.cli.console;

import ch.qos.logback.classic.pattern.RootCauseFirstThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import io.billingsdk.server.common.ShownText;
import java.util.stream.Collectors;

/**
 * A failure behind a line of the log: its lines begin further in, so that none looks like another.
 */
public final class LogFailure extends RootCauseFirstThrowableProxyConverter {
  @Override
  protected String throwableProxyToString(IThrowableProxy failure) {
    return super.throwableProxyToString(failure)
        .lines()
        .map(line -> "  " + ShownText.of(line.replace("\t", "  ")) + System.lineSeparator())
        .collect(Collectors.joining());
  }
}
