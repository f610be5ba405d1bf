/** Whether a model of this name turns texts into vectors. */
export function looksLikeEmbedder(name: string): boolean {
  return (
    /embed|\bbge\b|bge-m|\bgte\b|\be5\b|minilm|nomic-bert|jina-clip/i.test(name) && !/rerank/i.test(name)
  );
}

/** Whether a model of this name can chat, going by the names of those that cannot. */
export function looksLikeChatModel(name: string): boolean {
  return (
    !looksLikeEmbedder(name) &&
    !/rerank|whisper|\btts\b|-tts|dall-e|image|moderation|transcri|speech|realtime|audio|davinci|babbage|sora|stable-diffusion|flux/i.test(
      name,
    )
  );
}
