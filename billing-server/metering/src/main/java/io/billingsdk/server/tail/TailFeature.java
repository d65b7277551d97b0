package io.billingsdk.server.tail;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import java.net.URL;
import java.util.List;
import java.util.Optional;

/** The live tail. */
public final class TailFeature implements Feature {
  private final LiveTail tail;

  /** Of a tail, which it starts and closes. */
  public TailFeature(LiveTail tail) {
    this.tail = tail;
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("tail.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return new TailRoutes(tail).routes();
  }

  @Override
  public void start() {
    tail.start();
  }

  @Override
  public void close() {
    tail.close();
  }
}
