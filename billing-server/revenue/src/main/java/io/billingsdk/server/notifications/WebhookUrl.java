package io.billingsdk.server.notifications;

import io.billingsdk.server.common.RequestRefusedException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Which URLs an endpoint may have. Where its name leads is looked at when it is called. */
final class WebhookUrl {
  static final int CHARS = 1_024;

  private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+]");
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|\\[.*]");
  private static final int HIGHEST_PORT = 65_535;

  private WebhookUrl() {}

  /**
   * A URL that may be stored.
   *
   * @throws RequestRefusedException when it may not
   */
  static String require(String text, boolean privateAddresses) {
    URI uri = parsed(text);
    String host = uri.getHost();
    boolean isAcceptable =
        "https".equals(uri.getScheme())
            && host != null
            && HOST.matcher(host).matches()
            && uri.getRawUserInfo() == null
            && uri.getRawFragment() == null
            && uri.getPort() != 0
            && uri.getPort() <= HIGHEST_PORT;
    if (!isAcceptable) {
      throw wrong();
    }
    if (!privateAddresses && LITERAL.matcher(host).matches() && !isPublic(host)) {
      throw RequestRefusedException.invalid("url", "the URL of a public address");
    }
    return text;
  }

  /** As it may be shown: a path or a query may be what gives the right to call it. */
  static String shownHost(String url) {
    URI uri = URI.create(url);
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  private static URI parsed(String text) {
    if (text.length() > CHARS || !PRINTABLE.matcher(text).matches()) {
      throw wrong();
    }
    try {
      return new URI(text);
    } catch (URISyntaxException malformed) {
      throw wrong();
    }
  }

  private static boolean isPublic(String literal) {
    try {
      return PublicAddresses.has(InetAddress.getByName(literal));
    } catch (UnknownHostException malformed) {
      throw wrong();
    }
  }

  private static RequestRefusedException wrong() {
    return RequestRefusedException.invalid(
        "url",
        "https://host/path of at most "
            + CHARS
            + " characters, without user, password or fragment");
  }
}
