package dev.slipway.demo;

import dev.slipway.fakes.FakeGitHub;
import dev.slipway.fakes.FakeRequest;
import dev.slipway.fakes.FakeResponse;
import dev.slipway.fakes.JsonBodies;
import dev.slipway.fakes.LoopbackClient;
import dev.slipway.fakes.LoopbackServer;
import dev.slipway.secret.Hmac;
import dev.slipway.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** The least that can play Slipway's part, with a flaw if one is wanted. */
final class StubSlipway implements SlipwayLauncher {
  enum Flaw {
    NONE,

    /** None: of several like ones a later may replace what has not left. */
    SAYS_LESS,
    REFUSES_DELIVERIES,
    NEVER_ENDS,
    FORGETS_A_STATUS,
    SAYS_TOO_MUCH,
    CHANGES_ITS_LOG_URL,
    HAS_NO_LOG,
    DEPLOYS_AGAIN,
    DEPLOYS_THE_BRANCH,
    FALLS_THROUGH
  }

  final AtomicInteger running = new AtomicInteger();
  private final Flaw flaw;

  StubSlipway(Flaw flaw) {
    this.flaw = flaw;
  }

  @Override
  public Running start(Map<String, String> settings, Path folder) {
    running.incrementAndGet();
    return new Stub(settings);
  }

  private final class Stub implements Running {
    private final Map<String, String> settings;
    private final Map<String, String> logs = new ConcurrentHashMap<>();
    private final List<String> live = new CopyOnWriteArrayList<>();
    private final LoopbackClient caller = new LoopbackClient();
    private volatile CountDownLatch lock = new CountDownLatch(0);
    private final LoopbackServer server = new LoopbackServer(this::answer);

    Stub(Map<String, String> settings) {
      this.settings = settings;
    }

    private String setting(String name) {
      return Objects.requireNonNull(settings.get(name), name);
    }

    @Override
    public URI address() {
      return server.address();
    }

    @Override
    public void close() {
      server.close();
      caller.close();
      running.decrementAndGet();
    }

    private FakeResponse answer(FakeRequest request) {
      if (request.method().equals("POST")) {
        return webhook(request);
      }
      String id = request.uri().getPath().replaceAll("\\D", "");
      return logs.containsKey(id) && flaw != Flaw.HAS_NO_LOG
          ? FakeResponse.text(200, logs.get(id))
          : FakeResponse.text(404, "gone");
    }

    private FakeResponse webhook(FakeRequest request) {
      Secret secret = new Secret(setting("GITHUB_WEBHOOK_SECRET"));
      String wanted =
          "sha256="
              + HexFormat.of()
                  .formatHex(Hmac.of(secret, request.text().getBytes(StandardCharsets.UTF_8)));
      if (flaw == Flaw.REFUSES_DELIVERIES
          || !wanted.equals(request.header("X-Hub-Signature-256"))) {
        return FakeResponse.json(401, JsonBodies.object().put("error", "signature_mismatch"));
      }
      JsonNode deployment = request.json().path("deployment");
      String id = deployment.path("id").asString();
      if (flaw != Flaw.DEPLOYS_AGAIN && logs.containsKey(id)) {
        return FakeResponse.json(202, JsonBodies.object().put("decision", "duplicate"));
      }
      logs.put(id, "");
      return FakeResponse.json(202, JsonBodies.object().put("decision", "accepted"))
          .then(() -> Thread.ofVirtual().start(() -> run(id, deployment)));
    }

    private void run(String id, JsonNode deployment) {
      try {
        switch (deployment.path("task").asString()) {
          case "deploy:lock" -> {
            lock = new CountDownLatch(1);
            report(id, "success");
          }
          case "deploy:unlock" -> {
            lock.countDown();
            report(id, "success");
          }
          case "rollback" -> {
            rollBack();
            report(id, "success");
          }
          default -> deploy(id, deployment.path("sha").asString());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void rollBack() throws InterruptedException {
      String url =
          "%s/repos/%s/deployments".formatted(setting("GITHUB_API_URL"), FakeGitHub.REPOSITORY);
      var body =
          JsonBodies.object()
              .put("ref", live.get(live.size() - 2))
              .put("environment", "production")
              .put("auto_merge", false);
      body.putArray("required_contexts");
      post(url, "Bearer " + setting("GITHUB_TOKEN"), body.toString());
    }

    private void deploy(String id, String sha) {
      try {
        if (lock.getCount() > 0) {
          report(id, "queued");
          lock.await();
        }
        if (flaw != Flaw.FORGETS_A_STATUS) {
          report(id, "in_progress");
        }
        if (settings.containsKey("QOVERY_API_URL")) {
          qovery(id, sha);
        } else {
          render(id, sha);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private void render(String id, String sha) throws InterruptedException, IOException {
      String ref = flaw == Flaw.DEPLOYS_THE_BRANCH ? "" : "&ref=" + sha;
      LoopbackClient.Response hook = post(setting("RENDER_DEPLOY_HOOK_URL") + ref, "", "");
      if (hook.status() == 200) {
        follow(id, sha, JsonBodies.read(hook.body()).path("deploy").path("id").asString());
        return;
      }
      if (flaw != Flaw.SAYS_LESS) {
        report(id, "in_progress");
      }
      post(service() + "/deploys", "Bearer " + setting("RENDER_API_KEY"), "{}");
      report(id, "in_progress");
      shell(id, sha);
      live.add(sha);
      report(id, "success");
    }

    private void follow(String id, String sha, String deploy)
        throws InterruptedException, IOException {
      LoopbackClient.Response page =
          caller.get(
              URI.create(service() + "/deploys/" + deploy),
              Map.of("Authorization", "Bearer " + setting("RENDER_API_KEY")));
      String status = JsonBodies.read(page.body()).path("status").asString();
      logs.merge(id, deploy + " " + status + "\n", String::concat);
      if (status.equals("live")) {
        live.add(sha);
        end(id, "success");
      } else {
        logs.merge(id, "expected \"Hello, world\" but was \"Helo, world\"\n", String::concat);
        if (flaw == Flaw.FALLS_THROUGH) {
          shell(id, sha);
        }
        end(id, "failure");
      }
    }

    private void end(String id, String state) throws InterruptedException {
      if (flaw != Flaw.NEVER_ENDS) {
        report(id, state);
      }
      if (flaw == Flaw.SAYS_TOO_MUCH) {
        report(id, "in_progress");
      }
    }

    private String service() {
      return setting("RENDER_API_URL") + "/v1/services/" + setting("RENDER_SERVICE_ID");
    }

    private void shell(String id, String sha) throws InterruptedException, IOException {
      ProcessBuilder command = new ProcessBuilder("/bin/sh", "-c", setting("DEPLOY_CMD"));
      command
          .redirectErrorStream(true)
          .environment()
          .putAll(
              Map.of(
                  "SLIPWAY_SHA",
                  sha,
                  "SLIPWAY_REPOSITORY",
                  FakeGitHub.REPOSITORY,
                  "SLIPWAY_ENVIRONMENT",
                  "production"));
      Process process = command.start();
      byte[] output = process.getInputStream().readAllBytes();
      process.waitFor();
      logs.merge(id, new String(output, StandardCharsets.UTF_8), String::concat);
    }

    private void qovery(String id, String sha) throws InterruptedException {
      String token = "Token " + setting("QOVERY_API_TOKEN");
      String application =
          setting("QOVERY_API_URL") + "/application/" + setting("QOVERY_APPLICATION_ID");
      LoopbackClient.Response page =
          post(application + "/deploy", token, "{\"git_commit_id\":\"" + sha + "\"}");
      logs.merge(id, page.body(), String::concat);
      caller.get(URI.create(application + "/status"), Map.of("Authorization", token));
      report(id, "success");
    }

    private LoopbackClient.Response post(String url, String authorization, String body)
        throws InterruptedException {
      return caller.post(
          URI.create(url),
          authorization.isEmpty() ? Map.of() : Map.of("Authorization", authorization),
          body.getBytes(StandardCharsets.UTF_8));
    }

    private void report(String id, String state) throws InterruptedException {
      String log = address() + "/deployments/" + id + "/key";
      String tail = flaw == Flaw.CHANGES_ITS_LOG_URL && state.equals("success") ? "-new" : "";
      post(
          "%s/repos/%s/deployments/%s/statuses"
              .formatted(setting("GITHUB_API_URL"), FakeGitHub.REPOSITORY, id),
          "Bearer " + setting("GITHUB_TOKEN"),
          JsonBodies.object()
              .put("state", state)
              .put("description", "it is " + state)
              .put("log_url", log + tail)
              .toString());
    }
  }

  /** Everything that can be wrong, with what the story has to say about it. */
  static List<Map.Entry<Flaw, String>> flaws() {
    return List.of(
        Map.entry(Flaw.REFUSES_DELIVERIES, "✘ GitHub's delivery was not taken"),
        Map.entry(Flaw.NEVER_ENDS, "✘ no final status came within 2 s"),
        Map.entry(
            Flaw.FORGETS_A_STATUS, "✘ GitHub received success instead of in_progress → success"),
        Map.entry(
            Flaw.SAYS_TOO_MUCH,
            "✘ GitHub received in_progress → success → in_progress instead of"
                + " in_progress → success"),
        Map.entry(Flaw.CHANGES_ITS_LOG_URL, "✘ there is not one log_url on all statuses"),
        Map.entry(Flaw.HAS_NO_LOG, "✘ one log_url on all of them, and it answers 404"),
        Map.entry(
            Flaw.DEPLOYS_AGAIN, "✘ the same event again: \"accepted\" instead of \"duplicate\""),
        Map.entry(
            Flaw.DEPLOYS_THE_BRANCH, "✘ commit \"" + "0".repeat(40) + "\" instead of 6dcb09b"),
        Map.entry(Flaw.FALLS_THROUGH, "✘ the command on your server ran 1 times instead of 0"));
  }
}
