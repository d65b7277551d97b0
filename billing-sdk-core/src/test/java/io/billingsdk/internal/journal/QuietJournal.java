package io.billingsdk.internal.journal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.billingsdk.internal.LoggerNames;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Keeps the journal from logging each of the thousands of damages that a test makes. */
final class QuietJournal implements BeforeAllCallback, AfterAllCallback {
  private final Logger logger = (Logger) LoggerFactory.getLogger(LoggerNames.BUFFER);

  @Override
  public void beforeAll(ExtensionContext context) {
    logger.setLevel(Level.OFF);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    logger.setLevel(null);
  }
}
