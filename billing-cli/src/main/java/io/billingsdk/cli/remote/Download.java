package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Answers that become files. */
final class Download {
  private Download() {}

  /**
   * Downloads, and replaces the file at the end: a connection that breaks leaves no half of a
   * document behind.
   */
  static void to(BillingHttp http, String path, Query query, Path file) {
    Path whole = file.toAbsolutePath();
    Path parent = whole.resolveSibling("");
    Path part = whole.resolveSibling(whole.getFileName() + ".part");
    try (InputStream body = opened(http, path, query)) {
      Files.createDirectories(parent);
      Files.copy(body, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      throw new CommandException("cannot write " + file + ": " + failed.getMessage(), failed);
    }
  }

  private static InputStream opened(BillingHttp http, String path, Query query) {
    try {
      return http.open(path, query, "*/*").body();
    } catch (IOException failed) {
      throw Unreachable.because(failed, http.server());
    }
  }
}
