package dev.slipway.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** The agent as a jar of its own, made of the test's classes. */
final class AgentJar {
  private static final String AGENT = "dev.slipway.crash.agent.StepAgent";
  private static final List<String> CLASSES =
      List.of(AGENT, AGENT + "$1", "dev.slipway.crash.agent.Steps");

  private AgentJar() {}

  static Path in(Path folder) {
    Path jar = folder.resolve("agent.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", AGENT);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (String name : CLASSES) {
        String path = name.replace('.', '/') + ".class";
        out.putNextEntry(new ZipEntry(path));
        try (InputStream in = AgentJar.class.getClassLoader().getResourceAsStream(path)) {
          Objects.requireNonNull(in, path).transferTo(out);
        }
        out.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return jar;
  }
}
