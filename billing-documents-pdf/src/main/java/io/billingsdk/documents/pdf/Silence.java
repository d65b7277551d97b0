package io.billingsdk.documents.pdf;

import com.openhtmltopdf.util.Diagnostic;
import com.openhtmltopdf.util.XRLogger;
import java.util.logging.Level;

/** Logs nothing of the layout. */
final class Silence implements XRLogger {
  @Override
  public void log(String where, Level level, String text) {}

  @Override
  public void log(String where, Level level, String text, Throwable fault) {}

  @Override
  public void setLevel(String logger, Level level) {}

  @Override
  public boolean isLogLevelEnabled(Diagnostic diagnostic) {
    return true;
  }

  @Override
  public void log(Diagnostic diagnostic) {}
}
