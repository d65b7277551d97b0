package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.CommandException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a server could not be asked, in words that say what to do. */
final class Unreachable {
  private Unreachable() {}

  /** The text for the operator. */
  static CommandException because(Throwable failed, URI server) {
    return failed instanceof ServerUnavailableException
        ? new CommandException(String.valueOf(failed.getMessage()), failed)
        : new CommandException(server + ": " + reason(failed, server), failed);
  }

  private static String reason(Throwable failed, URI server) {
    if (has(failed, UnknownHostException.class) || has(failed, UnresolvedAddressException.class)) {
      return "the host " + server.getHost() + " is not known; correct --server";
    }
    if (failed instanceof HttpTimeoutException) {
      return "no answer in time; is the server well, and nothing in between that drops packets?";
    }
    if (failed instanceof ConnectException) {
      return "nothing listens there; start 'billing serve', or name another with --server";
    }
    if (has(failed, SSLException.class)) {
      return tls(failed, server);
    }
    return "the connection failed: " + why(failed);
  }

  private static String tls(Throwable failed, URI server) {
    if (has(failed, CertificateExpiredException.class)
        || has(failed, CertificateNotYetValidException.class)) {
      return "its certificate is not valid at this time; renew it, or correct this machine's clock";
    }
    if (has(failed, CertPathBuilderException.class)) {
      return "its certificate is of an authority that is not trusted; give that with --ca FILE,"
          + " which is DATA-DIR/broker/ca.pem of a server that has made its own";
    }
    if (has(failed, CertificateException.class)) {
      return "its certificate is not for "
          + server.getHost()
          + "; name the server with --server as its certificate does";
    }
    return "no connection by TLS: " + why(failed) + "; does HTTPS listen there?";
  }

  private static boolean has(Throwable failed, Class<? extends Throwable> kind) {
    for (Throwable each = failed; each != null; each = each.getCause()) {
      if (kind.isInstance(each)) {
        return true;
      }
    }
    return false;
  }

  /** One line. */
  static String why(Throwable failed) {
    if (failed instanceof NoSuchFileException || failed instanceof FileNotFoundException) {
      return "there is no such file";
    }
    @Nullable String message = failed.getMessage();
    String said = message == null || message.isBlank() ? "" : ": " + Text.printable(message);
    return failed instanceof IOException && !said.isEmpty()
        ? said.substring(2)
        : failed.getClass().getSimpleName() + said;
  }
}
