package io.billingsdk.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * The pages: files out of the jar, each at a path of its own, so that no path leads anywhere else.
 * They hold nothing that is not public; what they show they ask the API for, with a token.
 */
final class StaticPages {
  /** Nothing from elsewhere, and neither script nor style in a page. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src"
          + " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** The same with styles in the page, without which Swagger UI is not itself. */
  private static final String DOCS_POLICY =
      POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

  private final Map<String, String> files = new LinkedHashMap<>();

  private StaticPages() {}

  static StaticPages create() {
    StaticPages pages = new StaticPages();
    String swagger = "/META-INF/resources/webjars/swagger-ui/" + swaggerVersion() + "/";
    pages.files.put("/", "live.html");
    pages.files.put("/live.css", "live.css");
    pages.files.put("/live.js", "live.js");
    pages.files.put("/docs", "docs.html");
    pages.files.put("/docs/start.js", "docs-start.js");
    for (String file :
        new String[] {"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"}) {
      pages.files.put("/docs/" + file, swagger + file);
    }
    return pages;
  }

  /** A route for each. */
  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    files.forEach(
        (path, file) -> {
          ApiResponse page = page(path, file);
          routes.add(Route.open(path, request -> page));
        });
    return routes;
  }

  private static ApiResponse page(String path, String file) {
    try (InputStream resource =
        Objects.requireNonNull(StaticPages.class.getResourceAsStream(file), file)) {
      boolean docs = path.startsWith("/docs");
      return new ApiResponse.Whole(
          200,
          contentType(file),
          resource.readAllBytes(),
          Map.of(
              "Content-Security-Policy",
              docs ? DOCS_POLICY : POLICY,
              "Referrer-Policy",
              "no-referrer",
              "Cache-Control",
              "no-cache"));
    } catch (IOException broken) {
      throw new IllegalStateException("a page is not whole: " + file, broken);
    }
  }

  private static String contentType(String file) {
    return switch (file.substring(file.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "png" -> "image/png";
      default -> throw new IllegalArgumentException(file);
    };
  }

  private static String swaggerVersion() {
    Properties properties = new Properties();
    try (InputStream file =
        Objects.requireNonNull(
            StaticPages.class.getResourceAsStream(
                "/META-INF/maven/org.webjars/swagger-ui/pom.properties"))) {
      properties.load(file);
    } catch (IOException broken) {
      throw new IllegalStateException("swagger-ui is not whole", broken);
    }
    return properties.getProperty("version");
  }
}
