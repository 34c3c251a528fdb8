package dev.slipway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** A certificate that no JVM knows, and servers that have it. */
public final class OwnAuthority {
  private static final String PASSWORD = "password-of-the-test";

  private final Path certificate;
  private final SSLContext context;

  /**
   * @param folder for the key and the certificate
   * @param names of the hosts that it is for
   */
  public OwnAuthority(Path folder, String... names) throws Exception {
    Path store = folder.resolve("server.p12");
    this.certificate = folder.resolve("server.pem");
    String all = Arrays.stream(names).map(name -> "dns:" + name).collect(Collectors.joining(","));
    keytool(store, "-genkeypair", "-keyalg", "EC", "-dname", "CN=own", "-ext", "san=" + all);
    keytool(store, "-exportcert", "-rfc", "-file", certificate.toString());
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    this.context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
  }

  private static void keytool(Path store, String... what) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(what));
    command.addAll(List.of("-alias", "own", "-keystore", store.toString()));
    command.addAll(List.of("-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
    assertThat(process.waitFor()).as(said).isZero();
  }

  /** The certificate in PEM. */
  public Path certificate() {
    return certificate;
  }

  /** A socket on which TLS is spoken with the certificate. */
  SSLServerSocket listen() throws Exception {
    return (SSLServerSocket)
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /** Speaks TLS before a server that speaks plain HTTP; ends when the socket is closed. */
  public ServerSocket before(int port) throws Exception {
    SSLServerSocket accepting = listen();
    SocketService.start(
        accepting,
        socket -> {
          try (Socket there = new Socket(InetAddress.getLoopbackAddress(), port)) {
            SocketService.join(socket, there);
          }
        });
    return accepting;
  }
}
