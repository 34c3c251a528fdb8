package dev.slipway.crash;

import dev.slipway.crash.OutsideJournal.Act;
import dev.slipway.fakes.JsonBodies;
import dev.slipway.fakes.LoopbackClient;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Cancels, retries, rolls back, locks and unlocks as people and bots do, and writes down what it
 * asked for and was told. Each question has a reason of its own, by which the audit knows it. After
 * an answer that was lost it looks before it asks again; only a rollback it asks for again, under
 * the same key.
 */
final class Operator implements AutoCloseable {
  /** The token that opens the API. */
  static final String TOKEN = "slp_0123456789abcdefghijklmnopqrstuvwxyz";

  private static final String BEARER = "token SLIPWAY_API_TOKEN";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final List<String> NAMES = List.of("ann", "bob");
  private static final int READS = 30;
  private static final Duration TURN = Duration.ofSeconds(4);
  private static final Set<String> BAD_ENDS = Set.of("failed", "errored", "cancelled");

  private final OutsideJournal journal;
  private final OutsideServers outside;
  private final URI api;
  private final Random random;
  private final LoopbackClient client = new LoopbackClient();
  private final Map<String, Rollback> underWay = new LinkedHashMap<>();
  private final Set<String> stopping = new HashSet<>();
  private final List<Thread> threads = new ArrayList<>();
  private int questions;

  /**
   * @param api of the Slipway that is asked, with a slash at its end
   */
  Operator(OutsideJournal journal, OutsideServers outside, URI api, long seed) {
    this.journal = journal;
    this.outside = outside;
    this.api = api;
    this.random = new Random(seed);
  }

  /** A rollback that was asked for, and perhaps not answered. */
  private record Rollback(String key, String environment, long to, String body) {}

  /** A deployment as Slipway lists it. */
  private record Row(long number, long deployment, int run, String state, String environment) {
    static Optional<Row> of(JsonNode node) {
      String key = node.path("repository").asString("") + " " + node.path("environment").asString();
      return node.has("github_deployment_id") && key.startsWith("octo-org/app-")
          ? Optional.of(
              new Row(
                  node.path("id").asLong(),
                  node.path("github_deployment_id").asLong(),
                  node.path("run").asInt(),
                  node.path("state").asString(),
                  key))
          : Optional.empty();
    }

    /** Of the run that it is in. */
    String name() {
      return deployment + "/" + run;
    }

    boolean isOpen() {
      return isQueued() || isRunning();
    }

    boolean isQueued() {
      return state.equals("queued");
    }

    boolean isRunning() {
      return state.equals("running");
    }
  }

  /** Slipway gave no answer: it was killed, or is held. */
  private static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1;
  }

  /** Work on something that may be killed meanwhile. */
  private interface Work {
    void run() throws InterruptedException, NoAnswer;
  }

  /** Does a few things beside what else happens. */
  void act() {
    begin(this::actAtRandom);
  }

  /** Takes back what keeps deployments from ending, and brings to an end what it began. */
  void release() throws InterruptedException {
    begin(
        () -> {
          resumeRollbacks();
          cancelEndless(rows());
          for (JsonNode lock : locks()) {
            if (!lock.has("expires_at")) {
              unlock(lock);
            }
          }
        });
    await();
  }

  /** Writes down what the audit has of whoever bears the token, however long it takes to read. */
  void readAudit() throws InterruptedException {
    for (int i = 0; i < READS; i++) {
      try {
        audited().forEach(journal::add);
        return;
      } catch (NoAnswer slow) {
        pause(1000);
      }
    }
    throw new AssertionError("The audit could not be read");
  }

  /** Before the first act there is only what others did, in the years before. */
  private List<OutsideJournal.Audited> audited() throws InterruptedException, NoAnswer {
    List<OutsideJournal.Audited> rows = new ArrayList<>();
    String next = "";
    while (next != null) {
      JsonNode page = get("audit?limit=200" + next);
      boolean any = false;
      for (JsonNode row : page.path("audit")) {
        if (row.path("actor").asString().contains(BEARER)) {
          any = true;
          for (Act act : Act.values()) {
            if (act.word().equals(row.path("action").asString())) {
              rows.add(new OutsideJournal.Audited(act, row.path("reason").asString()));
            }
          }
        }
      }
      next = any && page.has("next") ? "&before=" + page.path("next").asLong() : null;
    }
    return rows;
  }

  private void begin(Work work) {
    threads.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    work.run();
                  } catch (NoAnswer over) {
                    // the next life is asked
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  /** Waits a little, so that not every answer is lost on a machine with little to spare. */
  void awaitTurn() throws InterruptedException {
    for (Thread thread : threads) {
      boolean _ = thread.join(TURN);
    }
  }

  /** Waits until each question was answered or cut. */
  void await() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    threads.clear();
  }

  private void actAtRandom() throws InterruptedException, NoAnswer {
    resumeRollbacks();
    List<Row> rows = rows();
    cancelEndless(rows);
    List<Work> some =
        new ArrayList<>(
            List.of(
                () -> cancelSome(rows()),
                () -> retryOne(rows()),
                () -> rollBackOne(rows()),
                () -> lock(rows()),
                this::unlockSome));
    Collections.shuffle(some, random);
    for (Work one : some.subList(0, 1 + random.nextInt(some.size()))) {
      one.run();
      pause(random.nextInt(100));
    }
  }

  private List<Row> rows() throws InterruptedException, NoAnswer {
    long asked = OutsideJournal.now();
    List<Row> rows = new ArrayList<>();
    get("deployments?limit=200")
        .path("deployments")
        .forEach(row -> Row.of(row).ifPresent(rows::add));
    rows.stream()
        .filter(Row::isQueued)
        .forEach(row -> journal.add(new OutsideJournal.Waiting(row.deployment(), asked)));
    return rows;
  }

  private List<JsonNode> locks() throws InterruptedException, NoAnswer {
    List<JsonNode> locks = new ArrayList<>();
    get("locks").path("locks").forEach(locks::add);
    return locks;
  }

  /** A deploy that goes on until it is cancelled keeps all behind it waiting. */
  private void cancelEndless(List<Row> rows) throws InterruptedException, NoAnswer {
    for (Row row : rows) {
      if (row.isRunning()
          && MixedDeploys.mayGoOn(row.deployment())
          && !stopping.contains(row.name())) {
        cancel(row);
      }
    }
  }

  private void cancelSome(List<Row> rows) throws InterruptedException, NoAnswer {
    for (Row row : rows) {
      if (row.isOpen() && random.nextInt(3) == 0) {
        cancel(row);
      }
    }
  }

  private void cancel(Row row) throws InterruptedException, NoAnswer {
    if (ask(Act.CANCEL, row, "cancel").status() < 500) {
      stopping.add(row.name());
    }
  }

  private void retryOne(List<Row> rows) throws InterruptedException, NoAnswer {
    List<Row> ended =
        rows.stream()
            .filter(row -> BAD_ENDS.contains(row.state()))
            .filter(row -> outside.isNewestWithItsCommit(row.deployment()))
            .toList();
    Optional<Row> chosen = one(ended);
    if (chosen.isPresent()) {
      Reply _ = ask(Act.RETRY, chosen.get(), "retry");
    }
  }

  private Reply ask(Act act, Row row, String address) throws InterruptedException, NoAnswer {
    String key = nextKey();
    journal.add(new OutsideJournal.Asked(act, key, row.deployment(), row.environment()));
    Reply reply =
        post(
            "deployments/" + row.number() + "/" + address,
            JsonBodies.object().put("reason", key).toString(),
            "");
    reply(
        act,
        key,
        reply,
        reply.body().path("decision").asString(""),
        row.deployment(),
        Long.MAX_VALUE);
    return reply;
  }

  /**
   * Locks an environment in which something happens, in one repository or in all, or a repository.
   */
  private void lock(List<Row> rows) throws InterruptedException, NoAnswer {
    Optional<Row> chosen = one(rows.stream().limit(40).toList());
    if (chosen.isEmpty()) {
      return;
    }
    String key = nextKey();
    String[] place = chosen.get().environment().split(" ", 2);
    ObjectNode body = JsonBodies.object().put("reason", key);
    int wide = random.nextInt(6);
    if (wide > 0) {
      body.put("environment", place[1]);
    }
    if (wide != 1) {
      body.put("repository", place[0]);
    }
    if (wide == 0 || random.nextBoolean()) {
      body.put("ttl", (1 + random.nextInt(3)) + "s");
    }
    String scope = (wide == 1 ? "" : place[0]) + " " + (wide == 0 ? "" : place[1]);
    journal.add(new OutsideJournal.Asked(Act.LOCK, key, 0, scope));
    Reply reply = post("locks", body.toString(), "");
    String end = reply.body().path("expires_at").asString("");
    reply(
        Act.LOCK,
        key,
        reply,
        reply.body().path("title").asString("locked"),
        0,
        end.isEmpty() ? Long.MAX_VALUE : OutsideJournal.nanoseconds(Instant.parse(end)));
  }

  private void unlockSome() throws InterruptedException, NoAnswer {
    for (JsonNode lock : locks()) {
      if (random.nextInt(3) > 0) {
        unlock(lock);
      }
    }
  }

  private void unlock(JsonNode lock) throws InterruptedException, NoAnswer {
    String key = lock.path("reason").asString();
    String repository = lock.path("repository").asString("");
    String environment = lock.path("environment").asString("");
    journal.add(new OutsideJournal.Asked(Act.UNLOCK, key, 0, repository + " " + environment));
    ObjectNode body = JsonBodies.object();
    if (random.nextBoolean()) {
      body.put("id", lock.path("id").asLong());
    } else {
      body.put("repository", repository).put("environment", environment);
    }
    Reply reply = post("locks/unlock", body.toString(), "");
    reply(
        Act.UNLOCK, key, reply, reply.body().path("title").asString("unlocked"), 0, Long.MAX_VALUE);
  }

  /**
   * Where two commits have been live and nothing is under way, so that it is known what is meant.
   */
  private void rollBackOne(List<Row> rows) throws InterruptedException, NoAnswer {
    Set<String> busy =
        rows.stream().filter(Row::isOpen).map(Row::environment).collect(Collectors.toSet());
    underWay.values().forEach(one -> busy.add(one.environment()));
    Map<String, Set<Row>> succeeded = new LinkedHashMap<>();
    rows.stream()
        .filter(row -> row.state().equals("succeeded") && !busy.contains(row.environment()))
        .forEach(
            row ->
                succeeded.computeIfAbsent(row.environment(), _ -> new LinkedHashSet<>()).add(row));
    Optional<Set<Row>> chosen =
        one(succeeded.values().stream().filter(some -> some.size() > 1).toList());
    if (chosen.isEmpty()) {
      return;
    }
    List<Row> some = List.copyOf(chosen.get());
    Optional<Row> to = random.nextInt(3) == 0 ? one(some) : Optional.empty();
    String key = nextKey();
    String[] place = some.getFirst().environment().split(" ", 2);
    ObjectNode body =
        JsonBodies.object()
            .put("repository", place[0])
            .put("environment", place[1])
            .put("reason", key);
    to.ifPresent(row -> body.put("to", row.number()));
    Rollback rollback =
        new Rollback(
            key,
            some.getFirst().environment(),
            to.map(Row::deployment).orElse(0L),
            body.toString());
    underWay.put(key, rollback);
    rollBack(rollback);
  }

  private void resumeRollbacks() throws InterruptedException, NoAnswer {
    for (Rollback rollback : List.copyOf(underWay.values())) {
      rollBack(rollback);
    }
  }

  private void rollBack(Rollback rollback) throws InterruptedException, NoAnswer {
    journal.add(
        new OutsideJournal.Asked(
            Act.ROLLBACK, rollback.key(), rollback.to(), rollback.environment()));
    Reply reply = post("rollback", rollback.body(), rollback.key());
    String title = reply.body().path("title").asString("");
    if (reply.status() != 0 && reply.status() != 503 && !title.equals("Under way")) {
      underWay.remove(rollback.key());
    }
    reply(
        Act.ROLLBACK,
        rollback.key(),
        reply,
        title,
        reply.body().path("github_deployment_id").asLong(0),
        Long.MAX_VALUE);
  }

  private String nextKey() {
    return "question-" + ++questions + ";";
  }

  private <T> Optional<T> one(List<T> some) {
    return some.isEmpty() ? Optional.empty() : Optional.of(some.get(random.nextInt(some.size())));
  }

  /** An answer; status 0 when there was none. */
  private record Reply(int status, JsonNode body) {}

  private void reply(Act act, String key, Reply reply, String word, long deployment, long until)
      throws NoAnswer {
    journal.add(new OutsideJournal.Replied(act, key, reply.status(), word, deployment, until));
    if (reply.status() == 0) {
      throw new NoAnswer();
    }
  }

  private Reply post(String path, String body, String key) throws InterruptedException {
    Map<String, String> headers =
        key.isEmpty()
            ? Map.of(
                "Authorization", "Bearer " + TOKEN, "Slipway-Actor", NAMES.get(random.nextInt(2)))
            : Map.of("Authorization", "Bearer " + TOKEN, "Idempotency-Key", key.replace(";", ""));
    LoopbackClient.Response response =
        client.post(api.resolve(path), headers, body.getBytes(StandardCharsets.UTF_8), PATIENCE);
    return response.status() == 0
        ? new Reply(0, JsonBodies.object())
        : new Reply(response.status(), JsonBodies.read(response.body()));
  }

  private JsonNode get(String path) throws InterruptedException, NoAnswer {
    LoopbackClient.Response response =
        client.get(api.resolve(path), Map.of("Authorization", "Bearer " + TOKEN));
    if (response.status() != 200) {
      throw new NoAnswer();
    }
    return JsonBodies.read(response.body());
  }

  private static void pause(long millis) throws InterruptedException {
    boolean _ = new Semaphore(0).tryAcquire(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    client.close();
  }
}
