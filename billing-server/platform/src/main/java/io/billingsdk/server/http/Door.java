package io.billingsdk.server.http;

import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** All requests come by here, on a thread of Jetty, which never waits: see {@link Passage}. */
final class Door extends Handler.Abstract.NonBlocking {
  private final RouteTable routes;
  private final Engine engine;

  Door(RouteTable routes, Engine engine) {
    this.routes = routes;
    this.engine = engine;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    EndPoint connection = request.getConnectionMetaData().getConnection().getEndPoint();
    engine.connections().begun(connection);
    // Long work does not hang; slow work is ended elsewhere.
    request.addIdleTimeoutListener(late -> false);
    new Passage(engine, request, response, callback)
        .begin(routes.find(request.getMethod(), Call.path(request)));
    return true;
  }
}
