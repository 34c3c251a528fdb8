package dev.slipway.web;

import dev.slipway.configuration.Configuration;
import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The framework's server. It gets ready on a thread of its own, for that takes as long as opening
 * the database does, and it lets nobody in before {@link #open}.
 */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final String REQUEST_EVENT =
      "io.micronaut.http.server.netty.handler.Http1RequestEvent";

  private final int port;
  private final CompletableFuture<ApplicationContext> context;

  private HttpServer(int port, CompletableFuture<ApplicationContext> context) {
    this.port = port;
    this.context = context;
  }

  /**
   * Has it made ready, and does not wait for that. The factories make its beans from the
   * configuration.
   */
  public static HttpServer prepare(Configuration configuration) {
    CompletableFuture<ApplicationContext> context = new CompletableFuture<>();
    Thread _ =
        Thread.ofPlatform()
            .name("http server")
            .start(() -> context.completeAsync(() -> ready(configuration), Runnable::run));
    return new HttpServer(configuration.server().port(), context);
  }

  private static ApplicationContext ready(Configuration configuration) {
    ServiceIndex.tell();
    ApplicationContext context =
        ApplicationContext.builder()
            .banner(false)
            .deduceEnvironment(false)
            .properties(HttpServerProperties.of(configuration))
            .singletons(configuration)
            .start();
    try {
      // Made with all routes; its port is not taken yet
      EmbeddedServer _ = context.getBean(EmbeddedServer.class);
      return context;
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  /** Waits until it is ready, and does meanwhile what the first request would wait for. */
  public Beans awaitReady() {
    prepareFirstRequest();
    return new Beans(ready());
  }

  /**
   * Starts to listen.
   *
   * @return where it is, on this machine
   */
  public URI open() {
    try {
      int taken = ready().getBean(EmbeddedServer.class).start().getPort();
      return URI.create("http://localhost:" + taken);
    } catch (ServerStartupException e) {
      throw new PortInUseException(port, e.getCause() == null ? e : e.getCause());
    }
  }

  /** JFR gets ready for the event that each request is, which takes longer than the request. */
  private static void prepareFirstRequest() {
    try {
      Class<?> _ =
          Class.forName(
              REQUEST_EVENT, /* initialize= */ true, ApplicationContext.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError notHere) {
      LOG.debug("The first request will wait for its event: {}", notHere.toString());
    }
  }

  private ApplicationContext ready() {
    try {
      return context.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException why ? why : e;
    }
  }

  /** Waits until it is ready, where that is not over, and closes it; a second time does nothing. */
  @Override
  public void close() {
    if (context.handle((_, failure) -> failure == null).join()) {
      context.join().close();
    }
  }
}
